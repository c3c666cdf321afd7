import type { FinishedState } from '../../engine/protocol/panel.ts';
import { h, type Child, type ElementNode } from '../dom/node.ts';
import { reportWords } from '../state/report-words.ts';
import type { Actions } from './actions.ts';
import { checkList, commandButton } from './parts.ts';

/** One finished output: use it, what was checked, its hashes, and who computed it. */
export function reportView(finished: FinishedState, act: Actions): ElementNode {
  const words = reportWords(finished);
  return h(
    'article',
    { class: 'report', 'aria-label': `Report of ${words.title}` },
    h(
      'p',
      { class: 'where' },
      h('code', {}, words.title),
      ' to ',
      h('code', { class: 'path' }, words.folder),
      h('small', {}, ` ${words.size}`),
    ),
    h('p', { class: 'hint' }, words.finished),
    h('h3', {}, 'Use it now'),
    h('pre', {}, words.useIt),
    h(
      'div',
      { class: 'row buttons' },
      commandButton(act, 'Copy line', { kind: 'copy', text: words.useIt }),
      commandButton(act, 'Copy path', { kind: 'copy', text: words.folder }),
      commandButton(act, 'Reveal', { kind: 'reveal-output', folder: words.folder }),
      commandButton(act, 'Open report', { kind: 'open-report', folder: words.folder }),
    ),
    h('h3', {}, words.checked),
    checkList(words.checks),
    h(
      'dl',
      { class: 'facts' },
      hashFact('weights', words.digest, act),
      hashFact('plan', words.planHash, act),
      fact('computed by', words.computedBy.join('; ')),
      words.inputs.map(({ name, folder }, index) =>
        fact(index === 0 ? 'made of' : '', [
          h('code', {}, name),
          ' ',
          h('code', { class: 'path' }, folder),
        ]),
      ),
    ),
  );
}

function fact(name: string, shown: Child): ElementNode {
  return h('div', {}, h('dt', {}, name), h('dd', {}, shown));
}

/** A hash is read by its ends; the copied text is whole. */
function hashFact(name: string, hash: string, act: Actions): ElementNode {
  return fact(name, [
    h('code', { title: hash }, `${hash.slice(0, 8)}…${hash.slice(-8)}`),
    ' ',
    commandButton(
      act,
      'Copy',
      { kind: 'copy', text: hash },
      {
        class: 'link',
        'aria-label': `Copy the ${name} hash`,
      },
    ),
  ]);
}
