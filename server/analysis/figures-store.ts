/** What previews have found of open recipes, as their clients told it. */
import type { MeasuredParams } from '../protocol.ts';

/** The figures of one step, and whether its recipe has been edited since. */
export interface Measured extends MeasuredParams {
  readonly isOlder: boolean;
  /** What of the recipe was measured; absent where the text was another one already when the figures came. */
  readonly of?: string;
}

type Told = MeasuredParams & Pick<Measured, 'of'>;

export class FiguresStore {
  private readonly byRecipe = new Map<string, Map<string, Told>>();

  tell(measured: Told): void {
    const steps = this.byRecipe.get(measured.uri) ?? new Map<string, Told>();
    this.byRecipe.set(measured.uri, steps.set(measured.step, measured));
  }

  /** By step. */
  of(uri: string, version: number | undefined): ReadonlyMap<string, Measured> {
    const steps = [...(this.byRecipe.get(uri)?.values() ?? [])];
    return new Map(
      steps.map((of) => [of.step, { ...of, isOlder: of.textVersion !== version }] as const),
    );
  }

  drop(uri: string): void {
    this.byRecipe.delete(uri);
  }
}
