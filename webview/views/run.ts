import type { PanelState, RunState } from '../../engine/protocol/panel.ts';
import { h, type Child } from '../dom/node.ts';
import { runWords } from '../state/run-words.ts';
import { checkedText } from '../state/report-words.ts';
import type { Actions } from './actions.ts';
import { checkList, commandButton, faultView, section } from './parts.ts';
import { reportView } from './report.ts';

/** The merge itself: how far it is, or how it ended. */
export function runView({ run }: PanelState, act: Actions): Child {
  switch (run.kind) {
    case 'idle':
      return undefined;
    case 'waiting':
      return section(
        'run',
        ['Merge'],
        h('p', { role: 'status' }, 'Waits in line: another merge goes first.'),
        commandButton(act, 'Cancel', { kind: 'cancel' }),
      );
    case 'running':
      return runningView(run, act);
    case 'cancelled':
      return section(
        'run',
        ['Merge'],
        h('p', { role: 'status' }, 'Cancelled. No output was touched.'),
      );
    case 'failed':
      return section('run', ['Merge'], faultView(act, run.fault));
    case 'broken-expectations':
      return section(
        'run',
        ['Merge'],
        h(
          'p',
          { role: 'status' },
          h('b', {}, checkedText(run.checks)),
          ': no output was published.',
        ),
        checkList(run.checks),
      );
    case 'done':
      return section(
        'run',
        ['Merged'],
        run.outputs.map((finished) => reportView(finished, act)),
      );
  }
}

function runningView(run: Extract<RunState, { kind: 'running' }>, act: Actions): Child {
  const { share, phase, details } = runWords(run.progress);
  const percent = share === undefined ? undefined : Math.floor(100 * share);
  return section(
    'run',
    ['Merge'],
    h(
      'div',
      { class: 'row' },
      h('b', { role: 'status' }, phase),
      percent === undefined ? undefined : h('span', {}, `${percent} %`),
      h('span', { class: 'push' }, commandButton(act, 'Cancel', { kind: 'cancel' })),
    ),
    h(
      'div',
      {
        class: 'bar',
        role: 'progressbar',
        'aria-label': 'Merge',
        'aria-valuemin': 0,
        'aria-valuemax': 100,
        'aria-valuenow': percent,
      },
      h('i', { style: { width: `${percent ?? 0}%` } }),
    ),
    h('p', { class: 'details' }, details.join(' · ')),
    h(
      'p',
      { class: 'hint' },
      `${run.device}. `,
      run.host === 'process'
        ? 'It goes on when this panel is closed.'
        : 'It ends when this panel is closed.',
    ),
  );
}
