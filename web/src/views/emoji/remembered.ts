/** What this browser remembers of whoever is signed in. */
import type { App } from '../../app';
import { RememberedEmoji } from '../../emoji/remembered';

export function rememberedEmoji(app: App): RememberedEmoji {
  return new RememberedEmoji(app.state.store, app.state.identity?.key ?? 'nobody');
}
