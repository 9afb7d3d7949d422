/** Alerts go after three seconds. Whoever looks for one on a busy machine may come later. */
import type { Page } from '@playwright/test';

/** From the next page on an alert's time all but stands still, so that it is there whenever a test looks. */
export async function holdAlerts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    document.addEventListener('animationstart', ({ animationName, target }) => {
      if (animationName !== 'drain' || !(target instanceof Element)) return;
      for (const animation of target.getAnimations({ subtree: true })) {
        if (animation instanceof CSSAnimation && animation.animationName === 'drain')
          animation.updatePlaybackRate(1e-6);
      }
    });
  });
}
