/** All that may be written at a cursor. What would be a syntax error there is left out, whoever proposed it. */
import { lex } from '../../grammar/syntax/lexer.ts';
import type { Cursor } from './cursor.ts';
import { accepts } from './expected.ts';
import {
  proposeAction,
  proposeArgument,
  proposeExpertName,
  proposeOwnParameter,
  proposePresetKey,
} from './propose-arguments.ts';
import {
  proposeExpert,
  proposeInput,
  proposeModels,
  proposeStack,
  proposeStep,
  proposeTake,
} from './propose-inputs.ts';
import { proposeCondition, proposeMeasureInput } from './propose-measures.ts';
import { proposeCut, proposePlace } from './propose-places.ts';
import {
  proposeBehind,
  proposeOutput,
  proposeOutputSetting,
  proposeOutputValue,
  proposeSource,
  proposeStatement,
} from './propose-statements.ts';
import {
  proposeCurve,
  proposeNumber,
  proposeParameterValue,
  proposeRange,
  proposeType,
  proposeValue,
} from './propose-values.ts';
import { plainText, type Proposal, wordProposal } from './proposal.ts';
import { type Slot, slotAt } from './slot.ts';

export function proposalsAt(cursor: Cursor): readonly Proposal[] {
  const slot = slotAt(cursor);
  const proposals = proposalsFor(cursor, slot);
  // A statement may open wherever the one before it may end; a new one owes nothing to it.
  if (slot.kind === 'statement') return proposals;
  return proposals.filter(({ label, snippet = label }) =>
    accepts(cursor.ways, lex(plainText(snippet)).tokens),
  );
}

function proposalsFor(cursor: Cursor, slot: Slot): readonly Proposal[] {
  switch (slot.kind) {
    case 'nothing':
      return [];
    case 'statement':
      return proposeStatement(cursor);
    case 'behind':
      return proposeBehind(cursor, slot);
    case 'source':
      return proposeSource(slot.statement);
    case 'step':
      return proposeStep(cursor, slot);
    case 'input':
      return proposeInput(cursor, slot);
    case 'expert':
      return proposeExpert(cursor, slot);
    case 'argument':
      return proposeArgument(slot);
    case 'parameter value':
      return proposeParameterValue(cursor, slot);
    case 'own parameter':
      return proposeOwnParameter(slot);
    case 'expert name':
      return proposeExpertName(cursor, slot);
    case 'preset key':
      return proposePresetKey(slot);
    case 'place':
      return proposePlace(cursor, slot);
    case 'cut':
      return proposeCut(cursor, slot.of);
    case 'action':
      return proposeAction(cursor, slot);
    case 'take':
      return proposeTake(cursor, slot.statement);
    case 'stack':
      return proposeStack(cursor);
    case 'curve':
      return proposeCurve(cursor, slot);
    case 'range':
      return proposeRange(slot);
    case 'type':
      return proposeType(cursor, slot);
    case 'value':
      return proposeValue(cursor);
    case 'number':
      return proposeNumber(cursor);
    case 'condition':
      return proposeCondition(cursor);
    case 'measure input':
      return proposeMeasureInput(cursor, slot);
    case 'words':
      return slot.words.map((word) => wordProposal(word, 1));
    case 'model name':
      return proposeModels(cursor);
    case 'metric':
      return metricsOf(cursor, slot.of).map((metric) => wordProposal(metric, 1));
    case 'output':
      return proposeOutput(cursor);
    case 'output setting':
      return proposeOutputSetting(slot);
    case 'output value':
      return proposeOutputValue(cursor, slot);
    default:
      return slot satisfies never;
  }
}

/** The metrics an `evaluate` names, as texts. */
function metricsOf({ recipe }: Cursor, name: string): readonly string[] {
  const statement = recipe.statements.find(
    (of) => of.kind === 'evaluate' && of.name?.text === name,
  );
  const call = statement?.kind === 'evaluate' ? statement.value : undefined;
  if (call?.kind !== 'call') return [];
  const metrics = call.args.find((arg) => arg.kind === 'argument' && arg.name?.text === 'metrics');
  if (metrics?.value.kind !== 'list') return [];
  return metrics.value.items.flatMap(({ value }) => (value.kind === 'text' ? [value.value] : []));
}
