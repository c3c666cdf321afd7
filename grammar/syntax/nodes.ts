/** Nodes of the tree from single tokens; one with no text of its own stands for what is missing. */
import type { IToken } from 'chevrotain';
import { bytesValue, durationSeconds, numberValue, textValue } from './literals.ts';
import { spanOf } from './lexer.ts';
import type * as tree from './tree.ts';

export function nameOf(token: IToken): tree.Name | undefined {
  return token.image === '' ? undefined : { ...spanOf(token), text: token.image };
}

export function textLiteral(token: IToken): tree.TextLiteral {
  return { kind: 'text', ...spanOf(token), value: textValue(token.image) };
}

export function textOf(token: IToken): tree.TextLiteral | undefined {
  return token.image === '' ? undefined : textLiteral(token);
}

export function numberLiteral(token: IToken): tree.NumberLiteral {
  const text = token.image;
  const percent = text.endsWith('%');
  return { kind: 'number', ...spanOf(token), value: numberValue(text), percent, text };
}

export function bytesLiteral(token: IToken): tree.BytesLiteral {
  return { kind: 'bytes', ...spanOf(token), value: bytesValue(token.image), text: token.image };
}

export function durationLiteral(token: IToken): tree.DurationLiteral {
  const text = token.image;
  return { kind: 'duration', ...spanOf(token), seconds: durationSeconds(text), text };
}

export function booleanLiteral(token: IToken): tree.BooleanLiteral {
  return { kind: 'boolean', ...spanOf(token), value: token.image === 'true' };
}

export function missing(token: IToken): tree.Missing {
  return { kind: 'missing', ...spanOf(token) };
}

export function binary(left: tree.Expr, operator: IToken, right: tree.Expr): tree.Binary {
  return {
    kind: 'binary',
    start: left.start,
    end: right.end,
    operator: operator.image as tree.BinaryOperator,
    operatorSpan: spanOf(operator),
    left,
    right,
  };
}

export function present(parts: readonly (tree.Name | undefined)[]): tree.Name[] {
  return parts.filter((part) => part !== undefined);
}
