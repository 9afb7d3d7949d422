/** What is asked for once, and again after each change: one request at a time, and one more if something changed meanwhile. */
export class Fresh<T> {
  value: T | undefined = $state.raw();
  #asking = false;
  #again = false;

  constructor(private readonly ask: () => Promise<T | undefined>) {}

  async load(): Promise<void> {
    this.#again = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#again) {
      this.#again = false;
      this.value = (await this.ask()) ?? this.value;
    }
    this.#asking = false;
  }
}
