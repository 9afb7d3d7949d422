/** The pointer and the keys of a tab that WebDriver's lists of actions drive, in either of its protocols. */
import { clicking, hovering, pressing, typing, wheeling, type Actions } from './input';

export abstract class ActingTab {
  /** Has the browser do a list of actions. */
  protected abstract act(actions: Actions): Promise<void>;

  hover(x: number, y: number): Promise<void> {
    return this.act(hovering(x, y));
  }

  click(x: number, y: number): Promise<void> {
    return this.act(clicking(x, y));
  }

  wheel(x: number, y: number, by: number): Promise<void> {
    return this.act(wheeling(x, y, by));
  }

  type(text: string): Promise<void> {
    return this.act(typing(text));
  }

  press(keys: string): Promise<void> {
    return this.act(pressing(keys));
  }
}
