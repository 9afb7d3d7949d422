/**
 * What must not happen in a browser while a test runs: an error or warning in the console, an exception nobody caught, a
 * dialog (nothing here opens one, so it would be somebody's script), a request to a foreign address.
 */
import type { BrowserContext, Page } from '@playwright/test';

const OWN_SCHEMES = new Set(['data:', 'blob:', 'about:']);

/** Watches one browser context from its first page on. */
export class Watch {
  private readonly seen: string[] = [];
  private readonly announced: RegExp[] = [];

  constructor(
    context: BrowserContext,
    private readonly origin: string,
  ) {
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.seen.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.seen.push(`uncaught: ${error.error().message}`));
    context.on('dialog', (dialog) => {
      this.seen.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('request', (request) => this.address(request.url()));
    context.on('page', (page) => this.sockets(page));
  }

  /** What matches is no complaint: the test provokes it. */
  announce(pattern: RegExp): void {
    this.announced.push(pattern);
  }

  /** What happened that nobody announced. */
  complaints(): string[] {
    return this.seen.filter((line) => !this.announced.some((pattern) => pattern.test(line)));
  }

  private sockets(page: Page): void {
    page.on('websocket', (socket) => this.address(socket.url().replace(/^ws/, 'http')));
  }

  private address(address: string): void {
    const url = new URL(address);
    if (url.origin !== this.origin && !OWN_SCHEMES.has(url.protocol)) this.seen.push(`foreign request: ${address}`);
  }
}
