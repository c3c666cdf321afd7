import type { AdapterAnswer, HeaderAnswer } from '../../grammar/check/checked.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Adapter } from '../adapters/adapter.ts';
import { layOn } from '../adapters/lay-on.ts';
import type { Checkpoint, Licence } from './checkpoint.ts';

/** What the language is told of a model that was opened. */
export function headerAnswer({
  signature,
  licence,
  adapter,
}: Pick<Checkpoint, 'signature' | 'licence' | 'adapter'>): HeaderAnswer {
  if (adapter !== undefined) return { kind: 'adapter', on: (base) => answerOn(adapter, base) };
  const terms = licence === undefined ? undefined : termsOf(licence);
  return { kind: 'signature', signature, ...(terms === undefined ? {} : { licence: terms }) };
}

function answerOn(adapter: Adapter, base: Signature): AdapterAnswer {
  const laid = layOn(adapter, base);
  if (laid.ok) return { kind: 'signature', signature: laid.value.signature };
  const { code, message, help } = laid.fault;
  return { kind: 'fault', code, message: `${message} ${help}` };
}

/** One text for one licence. Undefined for terms without a name, of which two may be anything to each other. */
export function termsOf({ id, name }: Licence): string | undefined {
  return id === 'other' ? name : id;
}
