/** Headers of the models of a YAML file, by the names that the recipe gives them. */
import type { HeaderAnswer } from '../../grammar/check/checked.ts';
import { headerAnswer } from '../../engine/checkpoints/header-answer.ts';
import type { ModelAnswers } from '../analysis/analysis.ts';

/** Models that are not on this machine are not at fault: the file may be for another one. */
export function headersOf(models: ModelAnswers): ReadonlyMap<string, HeaderAnswer> {
  const headers = new Map<string, HeaderAnswer>();
  for (const [name, answer] of models) {
    switch (answer.kind) {
      case 'read':
        headers.set(name, headerAnswer(answer.checkpoint));
        break;
      case 'fault':
      case 'withheld':
      case 'nowhere':
        break;
      default:
        answer satisfies never;
    }
  }
  return headers;
}
