import type { Disposable } from 'vscode';

/** What a thing with a lifetime holds, let go together, the last first. */
export class Disposables {
  readonly #held: Disposable[] = [];

  add<T extends Disposable>(disposable: T): T {
    this.#held.push(disposable);
    return disposable;
  }

  dispose(): void {
    for (const disposable of this.#held.splice(0).reverse()) disposable.dispose();
  }
}
