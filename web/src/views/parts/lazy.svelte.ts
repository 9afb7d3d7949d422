/** A script that is loaded when it is wanted, or before. Once it is there it is used without a pause. */
export class Lazy<T> {
  loaded: T | undefined = $state.raw();

  constructor(private readonly fetch: () => Promise<T>) {}

  async load(): Promise<T> {
    return (this.loaded ??= await this.fetch());
  }
}
