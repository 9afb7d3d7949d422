/**
 * Parses the text inside a block to inlines: emphasis, code, links. Line breaks are part of the text.
 *
 * One pass with a stack. A mark that may open pushes a frame, and what follows collects in it; a mark that may close
 * looks down the stack for its opener, and the frames between become plain text again. Nothing is looked at twice: a
 * failed search is remembered (`floors`), a successful one removes what it passed. So the time is linear in the length,
 * whatever the text. Marks that match nothing stay as they were typed: no text is ever lost.
 */
import { classBefore } from './chars';
import { KINDS_OF_RUN, kindOf, kindOfRun, pairs, runAt, runLength, type Emphasis, type Run } from './emphasis';
import { isHonestLabel } from './honest';
import { autolinkAt, bareAddressEnd, destinationAt, safeHref } from './links';
import type { Parts } from './parts';
import { MAX_EMPHASIS_DEPTH, type Inline } from './tree';

/** An open mark with what has come after it; the bottom one has no mark and is the result. */
interface Frame {
  readonly open: Run | { readonly mark: '['; readonly at: number } | undefined;
  nodes: Inline[];
  /** How deep the nodes are. */
  depth: number;
}

const SPECIAL = /[\\`*_~[\]<]|https?:\/\//gi;
const MARKS = new Set(['\\', '`', '*', '_', '~', '[', ']', '>']);

/** Parses the text of one block. Each inline but text takes one of `parts`; without any left the rest is text. */
export function parseInline(text: string, parts: Parts): Inline[] {
  return new InlineParser(text, parts).parse();
}

class InlineParser {
  private pos = 0;
  private readonly frames: Frame[] = [{ open: undefined, nodes: [], depth: 0 }];
  /** Stack positions of `[` that may still become a link. */
  private brackets: number[] = [];
  /** Per kind of closing run ({@link kindOfRun}): below this stack height no opener matches it. */
  private readonly floors = new Array<number>(KINDS_OF_RUN).fill(1);
  /** Per length of a run of backticks: where such runs stand, the next one last. */
  private ticks: Map<number, number[]> | undefined;

  constructor(
    private readonly text: string,
    private readonly parts: Parts,
  ) {}

  parse(): Inline[] {
    while (this.pos < this.text.length && this.parts.left > 0) {
      SPECIAL.lastIndex = this.pos;
      const found = SPECIAL.exec(this.text);
      const at = found?.index ?? this.text.length;
      this.literal(this.text.slice(this.pos, at));
      this.pos = at;
      if (found !== null) this.special(found[0]);
    }
    this.literal(this.text.slice(this.pos));
    this.flattenTo(0);
    return this.top().nodes;
  }

  private special(found: string): void {
    switch (found) {
      case '\\':
        return this.backslash();
      case '`':
        return this.codeSpan();
      case '*':
      case '_':
      case '~':
        return this.emphasis(found);
      case '[':
        return this.openBracket();
      case ']':
        return this.closeBracket();
      case '<':
        return this.autolink();
      default:
        return this.bareAddress(found);
    }
  }

  /** A mark behind a backslash is text. The backslash stays: in chat it is more often a path or a shrug than an escape. */
  private backslash(): void {
    this.take(MARKS.has(this.text.charAt(this.pos + 1)) ? 2 : 1);
  }

  private codeSpan(): void {
    const length = runLength(this.text, this.pos);
    const start = this.pos + length;
    const end = this.nextTicks(length, start);
    if (end === undefined) return this.take(length);
    const inner = this.text.slice(start, end).replaceAll('\n', ' ');
    if (inner.trim() === '') return this.take(length);
    const padded = inner.startsWith(' ') && inner.endsWith(' ');
    this.parts.take();
    this.append({ kind: 'code', text: padded ? inner.slice(1, -1) : inner }, 0);
    this.pos = end + length;
  }

  /** Where the next run of exactly `length` backticks stands, from `from` on. Positions only go up, so they are dropped. */
  private nextTicks(length: number, from: number): number | undefined {
    this.ticks ??= ticksOf(this.text);
    const positions = this.ticks.get(length) ?? [];
    let last = positions.at(-1);
    while (last !== undefined && last < from) {
      positions.pop();
      last = positions.at(-1);
    }
    return last;
  }

  private emphasis(mark: Emphasis): void {
    const run = runAt(this.text, this.pos, mark);
    this.pos += run.whole;
    if (run.closes) this.close(run);
    if (run.left === 0) return;
    if (run.opens) this.frames.push({ open: run, nodes: [], depth: 0 });
    else this.literal(mark.repeat(run.left));
  }

  private close(run: Run): void {
    while (run.left > 0) {
      const index = this.findOpener(run);
      if (index === undefined) return;
      this.flattenTo(index);
      const frame = this.top();
      const opener = frame.open;
      if (opener === undefined || opener.mark === '[' || frame.depth >= MAX_EMPHASIS_DEPTH) return;
      const used = Math.min(opener.left, run.left, 2);
      opener.left -= used;
      run.left -= used;
      this.parts.take();
      frame.nodes = [{ kind: kindOf(run.mark, used), children: frame.nodes }];
      frame.depth += 1;
      if (opener.left === 0) this.settle(frame);
    }
  }

  /** An opener whose marks are all used up: what it held belongs to the frame below. */
  private settle(frame: Frame): void {
    this.cutTo(this.frames.length - 1);
    for (const node of frame.nodes) this.append(node, frame.depth);
  }

  private findOpener(run: Run): number | undefined {
    const kind = kindOfRun(run);
    const floor = this.floors[kind] ?? 1;
    for (let index = this.frames.length - 1; index >= floor; index -= 1) {
      const open = this.frames[index]?.open;
      if (open !== undefined && open.mark !== '[' && pairs(open, run)) return index;
    }
    this.floors[kind] = this.frames.length;
    return undefined;
  }

  private openBracket(): void {
    this.brackets.push(this.frames.length);
    this.frames.push({ open: { mark: '[', at: this.pos }, nodes: [], depth: 0 });
    this.pos += 1;
  }

  private closeBracket(): void {
    const index = this.brackets.pop();
    const link = index === undefined ? undefined : this.linkFrom(index);
    if (index === undefined || link === undefined) return this.take(1);
    this.flattenTo(index);
    const frame = this.top();
    this.cutTo(index);
    // No link inside a link: brackets further out are text now, and addresses inside the label too.
    this.brackets = [];
    this.parts.take();
    const { href, title } = link;
    this.append({ kind: 'link', href, labelled: true, title, children: withoutLinks(frame.nodes) }, frame.depth + 1);
    this.pos = link.end;
  }

  /** Closes the bracket at stack position `index` with the `]` here, if an allowed address follows. */
  private linkFrom(index: number): { href: string; title: string; end: number } | undefined {
    const frame = this.frames[index];
    const destination = destinationAt(this.text, this.pos + 1);
    if (frame?.open?.mark !== '[' || destination === undefined) return undefined;
    const href = safeHref(destination.address);
    if (href === undefined || !isHonestLabel(this.text.slice(frame.open.at + 1, this.pos), href)) return undefined;
    return { href, title: destination.title, end: destination.end };
  }

  /** An address in angle brackets, which are marks. */
  private autolink(): void {
    const found = autolinkAt(this.text, this.pos);
    const href = found === undefined ? undefined : safeHref(found.href);
    if (found === undefined || href === undefined) return this.take(1);
    this.link(href, found.shown);
    this.pos = found.end;
  }

  /** A link that shows its address. */
  private link(href: string, shown: string): void {
    this.parts.take();
    this.append({ kind: 'link', href, labelled: false, title: '', children: [{ kind: 'text', text: shown }] }, 1);
  }

  private bareAddress(scheme: string): void {
    if (classBefore(this.text, this.pos) === 'word') return this.take(scheme.length);
    const end = Math.max(bareAddressEnd(this.text, this.pos), this.pos + scheme.length);
    const address = this.text.slice(this.pos, end);
    const href = safeHref(address);
    if (href === undefined) return this.take(address.length);
    this.link(href, address);
    this.pos = end;
  }

  /** Takes the next `length` units as text. */
  private take(length: number): void {
    this.literal(this.text.slice(this.pos, this.pos + length));
    this.pos += length;
  }

  private literal(text: string): void {
    if (text !== '') this.append({ kind: 'text', text }, 0);
  }

  private append(node: Inline, depth: number): void {
    const frame = this.top();
    const last = frame.nodes.at(-1);
    if (node.kind === 'text' && last?.kind === 'text') {
      frame.nodes[frame.nodes.length - 1] = { kind: 'text', text: last.text + node.text };
    } else {
      frame.nodes.push(node);
    }
    frame.depth = Math.max(frame.depth, depth);
  }

  /** Frames above stack position `index` were never closed: their marks are text in the frame there. */
  private flattenTo(index: number): void {
    const loose = this.frames.slice(index + 1);
    this.cutTo(index + 1);
    for (const frame of loose) {
      const open = frame.open;
      if (open !== undefined) this.literal(open.mark === '[' ? '[' : open.mark.repeat(open.left));
      for (const node of frame.nodes) this.append(node, frame.depth);
    }
  }

  private cutTo(height: number): void {
    this.frames.length = height;
    for (let kind = 0; kind < KINDS_OF_RUN; kind += 1) {
      if ((this.floors[kind] ?? 1) > height) this.floors[kind] = Math.max(height, 1);
    }
    while ((this.brackets.at(-1) ?? -1) >= height) this.brackets.pop();
  }

  private top(): Frame {
    const frame = this.frames.at(-1);
    if (frame === undefined) throw new Error('the bottom frame is never removed');
    return frame;
  }
}

/** Runs of backticks by their length; positions descending, so that the next one is at the end. */
function ticksOf(text: string): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const match of text.matchAll(/`+/g)) {
    const positions = found.get(match[0].length);
    if (positions === undefined) found.set(match[0].length, [match.index]);
    else positions.push(match.index);
  }
  for (const positions of found.values()) positions.reverse();
  return found;
}

function withoutLinks(nodes: readonly Inline[]): Inline[] {
  return nodes.flatMap((node): readonly Inline[] => {
    switch (node.kind) {
      case 'link':
        return node.children;
      case 'strong':
      case 'em':
      case 'strike':
        return [{ kind: node.kind, children: withoutLinks(node.children) }];
      default:
        return [node];
    }
  });
}
