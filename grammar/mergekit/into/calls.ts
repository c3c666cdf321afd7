/** One call of a method: the inputs of one slice, or of a whole merge, with everything that the scopes say of them. */
import type { ForeignMethod, ForeignParameter } from '../methods.ts';
import { from, type Piece, textOfPiece } from '../pieces.ts';
import { checkValues, noteIgnored } from './call-checks.ts';
import { inputsOf } from './call-inputs.ts';
import type { Call, CallInput, Expert, Inputs } from './call.ts';
import { expertValues } from './expert-values.ts';
import { freshName, type Importing } from './importing.ts';
import { globalValues } from './method-values.ts';
import { lintCall } from './notes.ts';
import { bracketed, type Row } from './rows.ts';
import { rulesPiece } from './rules.ts';
import { type Chain, chainOf } from './values.ts';

/** Undefined: refused, and said why. */
export function callOf(importing: Importing, input: CallInput): Call | undefined {
  const inputs = inputsOf(importing, input);
  if (inputs === undefined) return undefined;
  noteIgnored(importing, input, inputs.base?.entry);
  const global = new Map(
    input.method.parameters
      .filter(({ byModel }) => !byModel)
      .map((parameter) => [parameter, chainOf(importing, parameter.name, input.scopes)]),
  );
  if (!checkValues(importing, input, inputs, global)) return undefined;
  lintCall(importing, input, inputs, global);
  return writeCall(importing, input, inputs, global);
}

function writeCall(
  importing: Importing,
  input: CallInput,
  inputs: Inputs,
  global: ReadonlyMap<ForeignParameter, Chain>,
): Call | undefined {
  const { method, name } = input;
  const above = nameFiltered(importing, input, inputs.experts);
  const written = expertValues(importing, input, inputs.experts);
  const globals = globalValues(importing, input, global);
  if (written === undefined || globals === undefined) return undefined;
  const filtered = [...written.filtered, ...globals.filtered];
  const rules = rulesPiece(importing, filtered);
  if (rules === undefined) return undefined;
  const args = [
    ...written.args,
    ...globals.args,
    ...seedOf(importing, method),
    { piece: 'compat: mergekit' },
    ...(input.compute === undefined ? [] : [{ piece: `compute: ${input.compute}` }]),
  ];
  const callee = from(name, method.form === 'layers' ? 'scale' : method.ours);
  if (method.form === 'layers') {
    const [only] = inputs.experts;
    const isOne = written.args.every(({ piece }) => textOfPiece(piece) === 'by: 1');
    const hasScale = !isOne || filtered.length > 0;
    const piece = hasScale
      ? [callee, bracketed('(', [{ piece: only!.piece }, ...args], ')')]
      : only!.piece;
    return { piece, rules, above };
  }
  const experts: Row[] = written.experts;
  const positional: Row[] =
    method.form === 'ends'
      ? [...(inputs.base === undefined ? [] : [{ piece: inputs.base.piece }]), ...experts]
      : [
          ...(inputs.base === undefined ? [] : [{ piece: inputs.base.piece }]),
          { piece: bracketed('[', experts, ']') },
        ];
  return { piece: [callee, bracketed('(', [...positional, ...args], ')')], rules, above };
}

/** Each random call draws for itself; the first may have the seed that is there unless set. */
function seedOf(importing: Importing, { isRandom }: ForeignMethod): readonly Row[] {
  if (isRandom !== true) return [];
  const seed = importing.randomCalls;
  importing.randomCalls += 1;
  return seed === 0 ? [] : [{ piece: `seed: ${seed}` }];
}

/** A rule names the expert it speaks of: one in brackets gets a step, and so a name. */
function nameFiltered(
  importing: Importing,
  { stage }: CallInput,
  experts: readonly Expert[],
): readonly Piece[] {
  if (experts.length === 1) return [];
  return experts.flatMap((expert): readonly Piece[] => {
    const isFiltered = [...expert.chains.values()].some(({ filtered }) => filtered.length > 0);
    if (expert.name !== undefined || !isFiltered) return [];
    expert.name = freshName(importing, `${stage}_part`);
    const statement = ['merge ', expert.name, ' = ', expert.piece, '\n'];
    expert.piece = from(expert.reference, expert.name);
    return [statement];
  });
}
