/** All that may be written at a cursor. What would be a syntax error there is left out, whoever proposed it. */
import { lex } from '../../grammar/syntax/lexer.ts';
import { entitiesOf } from '../analysis/entities.ts';
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
  proposeCallArgument,
  proposeCallValue,
  proposeKnobs,
  proposeTokenRow,
} from './propose-call-arguments.ts';
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
import type { Slot } from './slot.ts';
import { slotAt } from './slot-at.ts';

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
    case 'call argument':
      return proposeCallArgument(slot);
    case 'call value':
      return proposeCallValue(cursor, slot.wanted);
    case 'knob':
      return proposeKnobs(cursor);
    case 'token row':
      return proposeTokenRow(cursor);
    case 'words':
      return slot.words.map((word) => wordProposal(word, 1));
    case 'model name':
      return proposeModels(cursor);
    case 'metric':
      return metricsOf(cursor, slot.of).map((metric) => wordProposal(metric, 1));
    case 'imported':
      return proposalsFor(cursor, slot.within).flatMap((of) => behindWord(of, slot.word));
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

/** A name of an import as it is written behind the import's word. */
function behindWord(proposal: Proposal, word: string): readonly Proposal[] {
  const { label, snippet, about } = proposal;
  const before = `${word}.`;
  if (about?.kind !== 'name' || !label.startsWith(before)) return [];
  const rest = (text: string): string => text.slice(before.length);
  return [
    {
      ...proposal,
      label: rest(label),
      ...(snippet === undefined ? {} : { snippet: rest(snippet) }),
    },
  ];
}

/** The metrics an `evaluate` names, as texts. */
function metricsOf({ analysis }: Cursor, name: string): readonly string[] {
  const statement = entitiesOf(analysis).get(name)?.statement;
  const call = statement?.kind === 'evaluate' ? statement.value : undefined;
  if (call?.kind !== 'call') return [];
  const metrics = call.args.find((arg) => arg.kind === 'argument' && arg.name?.text === 'metrics');
  if (metrics?.value.kind !== 'list') return [];
  return metrics.value.items.flatMap(({ value }) => (value.kind === 'text' ? [value.value] : []));
}
