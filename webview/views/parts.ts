/** Small pieces that views share. */
import type { PanelCommand, PanelFault } from '../../engine/protocol/panel.ts';
import type { ReportCheck } from '../../engine/output/report.ts';
import { h, type Child, type ElementNode } from '../dom/node.ts';
import type { Actions } from './actions.ts';

export function button(
  title: string,
  press: () => void,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
): ElementNode {
  return h('button', { type: 'button', ...attributes, onclick: press }, title);
}

export function commandButton(
  act: Actions,
  title: string,
  command: PanelCommand,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
): ElementNode {
  return button(title, () => act.command(command), attributes);
}

/** Code, sentence, way out and at most one button. */
export function faultView(act: Actions, fault: PanelFault): ElementNode {
  return h(
    'div',
    { class: 'fault' },
    h('span', { class: 'mark', 'aria-hidden': 'true' }, '!'),
    h(
      'p',
      {},
      fault.code === undefined ? undefined : [h('code', {}, fault.code), ' '],
      h('b', {}, fault.message),
      fault.help === undefined ? undefined : ` ${fault.help}`,
    ),
    fault.action === undefined
      ? undefined
      : commandButton(act, fault.action.title, fault.action.command),
  );
}

export function section(
  name: string,
  heading: readonly Child[],
  ...children: readonly Child[]
): ElementNode {
  return h(
    'section',
    { class: name, 'aria-labelledby': `h-${name}` },
    h('h2', { id: `h-${name}` }, ...heading),
    ...children,
  );
}

/** A unit stays with its figure at the end of a line. */
function unparted(text: string): string {
  return text.replaceAll(' %', '\u00a0%');
}

const outcomes: Readonly<
  Record<ReportCheck['outcome'], { readonly mark: string; readonly says: string }>
> = {
  holds: { mark: '✓', says: 'holds' },
  fails: { mark: '✕', says: 'fails' },
  skipped: { mark: '–', says: 'skipped' },
  noted: { mark: 'i', says: 'noted' },
};

export function checkList(checks: readonly ReportCheck[]): ElementNode {
  return h(
    'ul',
    { class: 'checks' },
    checks.map(({ title, outcome, detail }) =>
      h(
        'li',
        { class: outcome },
        h('span', { class: 'mark', 'aria-hidden': 'true' }, outcomes[outcome].mark),
        h(
          'span',
          {},
          h('span', { class: 'spoken' }, `${outcomes[outcome].says}: `),
          h('code', {}, title),
          detail === undefined ? undefined : h('small', {}, ` ${unparted(detail)}`),
        ),
      ),
    ),
  );
}
