/** A tree on a few lines, for tests: what was read, with `□` where something is missing. */
import type {
  Argument,
  Entry,
  EntryKey,
  Expr,
  Item,
  Path,
  Rule,
  Setting,
  Spread,
  Statement,
  Take,
} from './tree.ts';

const GAP = '□';

function pathText(path: Pick<Path, 'parts'>): string {
  return path.parts.length === 0 ? GAP : path.parts.map((part) => part.text).join('.');
}

function keyText(key: EntryKey): string {
  switch (key.kind) {
    case 'path':
      return pathText(key);
    case 'text':
      return JSON.stringify(key.value);
    case 'number':
      return String(key.value);
    default:
      return key satisfies never;
  }
}

function listed(nodes: readonly (Expr | Argument | Item | Entry | Spread)[]): string {
  return nodes.map(show).join(', ');
}

function show(node: Expr | Argument | Item | Entry | Spread): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'bytes':
      return `${node.value}B`;
    case 'duration':
      return `${node.seconds}s`;
    case 'text':
      return JSON.stringify(node.value);
    case 'boolean':
      return String(node.value);
    case 'reference':
      return pathText(node.path);
    case 'call':
      return `${pathText(node.callee)}(${listed(node.args)})`;
    case 'argument':
      return node.name === undefined ? show(node.value) : `${node.name.text}: ${show(node.value)}`;
    case 'list':
      return `[${listed(node.items)}]`;
    case 'item':
      return node.own === undefined ? show(node.value) : `${show(node.value)} ${show(node.own)}`;
    case 'map':
      return `{${listed(node.entries)}}`;
    case 'entry':
      return `${keyText(node.key)}: ${show(node.value)}`;
    case 'spread':
      return `...${show(node.value)}`;
    case 'binary':
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case 'negation':
      return `-${show(node.operand)}`;
    case 'range':
      return `${show(node.from)}..${show(node.to)}${node.step === undefined ? '' : ` step ${show(node.step)}`}`;
    case 'layersOf':
      return `layers ${show(node.range)}`;
    case 'index':
      return `${show(node.value)}[${show(node.layers)}]`;
    case 'parenthesised':
      return show(node.inner);
    case 'missing':
      return GAP;
    default:
      return node satisfies never;
  }
}

function showAction(action: Take | Setting | Spread): string {
  switch (action.kind) {
    case 'take':
      return `take ${show(action.value)}`;
    case 'setting':
      return `${pathText(action.path)} = ${show(action.value)}`;
    case 'spread':
      return show(action);
    default:
      return action satisfies never;
  }
}

function showRule(rule: Rule): string {
  return `at ${show(rule.place)} {${rule.actions.map(showAction).join(', ')}}`;
}

export function showStatement(statement: Statement): string {
  const name = 'name' in statement ? (statement.name?.text ?? GAP) : '';
  const type =
    'type' in statement && statement.type !== undefined ? `: ${statement.type.text}` : '';
  const head = `${statement.kind} ${name}${type}`;
  switch (statement.kind) {
    case 'use': {
      const path = statement.path === undefined ? GAP : JSON.stringify(statement.path.value);
      return `use ${path}${statement.alias === undefined ? '' : ` as ${statement.alias.text}`}`;
    }
    case 'param': {
      const range = statement.range === undefined ? '' : ` in ${show(statement.range)}`;
      return `${head} = ${show(statement.value)}${range}`;
    }
    case 'merge': {
      const rules = statement.rules.map((rule) => `\n  ${showRule(rule)}`).join('');
      return `${head} = ${show(statement.value)}${rules}`;
    }
    case 'expect':
      return `expect ${show(statement.condition)}`;
    case 'output': {
      const target = statement.target === undefined ? GAP : pathText(statement.target);
      const folder = statement.folder === undefined ? GAP : JSON.stringify(statement.folder.value);
      const settings = statement.settings.map((setting) => `\n  ${showAction(setting)}`).join('');
      return `output ${target} to ${folder}${settings}`;
    }
    default:
      return `${head} = ${show(statement.value)}`;
  }
}
