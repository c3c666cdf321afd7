/** A statement that stands elsewhere in another version of a text: the same tree, its spans moved. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from './span.ts';
import type {
  Argument,
  Comment,
  Entry,
  EntryKey,
  Expr,
  Item,
  MapLiteral,
  Name,
  Path,
  Rule,
  Setting,
  Spread,
  Statement,
  Take,
  TextLiteral,
} from './tree.ts';

export function movedStatement(of: Statement, by: number): Statement {
  if (by === 0) return of;
  const word = movedSpan(of.word, by);
  switch (of.kind) {
    case 'use':
      return moved(of, by, {
        word,
        path: of.path && movedText(of.path, by),
        alias: of.alias && movedName(of.alias, by),
      });
    case 'param':
      return moved(of, by, {
        word,
        name: of.name && movedName(of.name, by),
        type: of.type && movedName(of.type, by),
        value: movedExpr(of.value, by),
        range: of.range && movedExpr(of.range, by),
      });
    case 'let':
      return moved(of, by, {
        word,
        name: of.name && movedName(of.name, by),
        type: of.type && movedName(of.type, by),
        value: movedExpr(of.value, by),
      });
    case 'merge':
      return moved(of, by, {
        word,
        name: of.name && movedName(of.name, by),
        value: movedExpr(of.value, by),
        rules: of.rules.map((rule) => movedRule(rule, by)),
        body: of.body && movedSpan(of.body, by),
      });
    case 'expect':
      return moved(of, by, { word, condition: movedExpr(of.condition, by) });
    case 'output':
      return moved(of, by, {
        word,
        target: of.target && movedPath(of.target, by),
        folder: of.folder && movedText(of.folder, by),
        settings: of.settings.map((setting) =>
          setting.kind === 'spread' ? movedSpread(setting, by) : movedSetting(setting, by),
        ),
        body: of.body && movedSpan(of.body, by),
      });
    case 'model':
    case 'adapter':
    case 'stats':
    case 'layers':
    case 'tensors':
    case 'evaluate':
    case 'sweep':
    case 'search':
      return moved(of, by, {
        word,
        name: of.name && movedName(of.name, by),
        value: movedExpr(of.value, by),
      });
  }
}

export function movedComment(of: Comment, by: number): Comment {
  return by === 0 ? of : moved(of, by, {});
}

export function movedDiagnostic(of: Diagnostic, by: number): Diagnostic {
  if (by === 0) return of;
  const { fixes, related } = of;
  return {
    ...of,
    ...movedSpan(of, by),
    ...(fixes && {
      fixes: fixes.map(({ title, edits }) => ({
        title,
        edits: edits.map((edit) => moved(edit, by, {})),
      })),
    }),
    ...(related && { related: related.map((other) => moved(other, by, {})) }),
  };
}

/** A node with its own span moved, and the parts that hold spans of their own as they are given. */
function moved<Node extends Span, Parts extends Partial<Node>>(
  node: Node,
  by: number,
  parts: Parts,
): Node {
  return { ...node, ...parts, start: node.start + by, end: node.end + by };
}

function movedSpan({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

function movedName({ text, start, end }: Name, by: number): Name {
  return { text, start: start + by, end: end + by };
}

function movedText({ kind, value, start, end }: TextLiteral, by: number): TextLiteral {
  return { kind, value, start: start + by, end: end + by };
}

function movedPath({ parts, start, end }: Path, by: number): Path {
  return {
    parts: parts.map((part) => movedName(part, by)),
    start: start + by,
    end: end + by,
  };
}

function movedRule(of: Rule, by: number): Rule {
  return moved(of, by, {
    place: movedExpr(of.place, by),
    actions: of.actions.map((action) =>
      action.kind === 'take' ? movedTake(action, by) : movedSetting(action, by),
    ),
    body: of.body && movedSpan(of.body, by),
  });
}

function movedTake({ kind, value, start, end }: Take, by: number): Take {
  return { kind, value: movedExpr(value, by), start: start + by, end: end + by };
}

function movedSetting({ kind, path, value, start, end }: Setting, by: number): Setting {
  return {
    kind,
    path: movedPath(path, by),
    value: movedExpr(value, by),
    start: start + by,
    end: end + by,
  };
}

function movedSpread({ kind, value, start, end }: Spread, by: number): Spread {
  return { kind, value: movedExpr(value, by), start: start + by, end: end + by };
}

function movedArgument(of: Argument | Spread, by: number): Argument | Spread {
  if (of.kind === 'spread') return movedSpread(of, by);
  return moved(of, by, {
    name: of.name && movedName(of.name, by),
    value: movedExpr(of.value, by),
  });
}

function movedItem(of: Item | Spread, by: number): Item | Spread {
  if (of.kind === 'spread') return movedSpread(of, by);
  return moved(of, by, {
    value: movedExpr(of.value, by),
    own: of.own && movedMap(of.own, by),
  });
}

function movedMap({ kind, entries, start, end }: MapLiteral, by: number): MapLiteral {
  return {
    kind,
    entries: entries.map((entry) =>
      entry.kind === 'spread' ? movedSpread(entry, by) : movedEntry(entry, by),
    ),
    start: start + by,
    end: end + by,
  };
}

function movedEntry({ kind, key, value, start, end }: Entry, by: number): Entry {
  return {
    kind,
    key: movedKey(key, by),
    value: movedExpr(value, by),
    start: start + by,
    end: end + by,
  };
}

function movedKey(of: EntryKey, by: number): EntryKey {
  if (of.kind !== 'path') return moved(of, by, {});
  return moved(of, by, { parts: of.parts.map((part) => movedName(part, by)) });
}

function movedExpr(of: Expr, by: number): Expr {
  switch (of.kind) {
    case 'number':
    case 'bytes':
    case 'duration':
    case 'text':
    case 'boolean':
    case 'missing':
      return moved(of, by, {});
    case 'reference':
      return {
        kind: of.kind,
        path: movedPath(of.path, by),
        start: of.start + by,
        end: of.end + by,
      };
    case 'call':
      return moved(of, by, {
        callee: movedPath(of.callee, by),
        args: of.args.map((arg) => movedArgument(arg, by)),
      });
    case 'list':
      return moved(of, by, { items: of.items.map((item) => movedItem(item, by)) });
    case 'map':
      return movedMap(of, by);
    case 'binary':
      return moved(of, by, {
        operatorSpan: movedSpan(of.operatorSpan, by),
        left: movedExpr(of.left, by),
        right: movedExpr(of.right, by),
      });
    case 'negation':
      return moved(of, by, { operand: movedExpr(of.operand, by) });
    case 'range':
      return moved(of, by, {
        from: movedExpr(of.from, by),
        to: movedExpr(of.to, by),
        step: of.step && movedExpr(of.step, by),
      });
    case 'layersOf':
      return moved(of, by, { range: movedExpr(of.range, by) });
    case 'index':
      return moved(of, by, {
        value: movedExpr(of.value, by),
        layers: movedExpr(of.layers, by),
      });
    case 'parenthesised':
      return moved(of, by, { inner: movedExpr(of.inner, by) });
  }
}
