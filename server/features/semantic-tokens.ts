/** Colour by meaning: what a word names, over the colours that its token has by itself. */
import {
  type SemanticTokens,
  SemanticTokensBuilder,
  type SemanticTokensDelta,
  SemanticTokensDeltaRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
} from 'vscode-languageserver';
import type { IToken } from 'chevrotain';
import { endOf } from '../../grammar/syntax/lexer.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import { isText } from '../../grammar/syntax/statements.ts';
import { TOKEN_ENTRIES, type TokenCategory } from '../../grammar/syntax/tokens.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { entitiesOf } from '../analysis/entities.ts';
import { type Mention, mentionsOf } from '../analysis/mentions.ts';
import { positionAt, spanOf } from '../analysis/positions.ts';
import { tokensOf } from '../analysis/tokens-of.ts';
import { type Desk, documentFeature } from './feature.ts';

export const tokenTypes = [
  'keyword',
  'variable',
  'function',
  'parameter',
  'property',
  'enumMember',
  'type',
  'namespace',
  'number',
  'string',
  'regexp',
  'operator',
  'comment',
] as const;

export const tokenModifiers = [
  'declaration',
  'readonly',
  'defaultLibrary',
  'documentation',
] as const;

export type SemanticType = (typeof tokenTypes)[number];
export type SemanticModifier = (typeof tokenModifiers)[number];

export interface ColouredSpan extends Span {
  readonly type: SemanticType;
  readonly modifiers: readonly SemanticModifier[];
}

const categories: ReadonlyMap<string, TokenCategory> = new Map(
  TOKEN_ENTRIES.map(({ name, category }) => [name, category]),
);

/** In the order of the text; no two overlap and none reaches over a line's end. */
export function coloursOf(analysis: Analysis): readonly ColouredSpan[] {
  const meant = new Map(mentionsOf(analysis).all.map((mention) => [mention.start, mention]));
  const { tokens } = tokensOf(analysis);
  const words = tokens.flatMap((token): ColouredSpan[] => {
    const span = { start: token.startOffset, end: endOf(token) };
    const mention = meant.get(token.startOffset);
    const colour = (mention && colourOf(analysis, mention)) ?? colourOfToken(token);
    return colour === undefined ? [] : [{ ...span, ...colour }];
  });
  const comments = analysis.recipe.comments.map(({ start, end, kind }): ColouredSpan => ({
    start,
    end,
    type: 'comment',
    modifiers: kind === 'doc' ? ['documentation'] : [],
  }));
  return [...words, ...comments].sort((one, other) => one.start - other.start);
}

type Colour = Pick<ColouredSpan, 'type' | 'modifiers'>;

const plain = (type: SemanticType): Colour => ({ type, modifiers: [] });
const known = (type: SemanticType): Colour => ({ type, modifiers: ['defaultLibrary'] });

function colourOf(analysis: Analysis, mention: Mention): Colour | undefined {
  switch (mention.kind) {
    case 'name': {
      const kind = entitiesOf(analysis).get(mention.name)?.kind;
      const isConstant = !['model', 'delta', 'adapter', 'import'].includes(kind ?? '');
      return {
        type: kind === 'import' ? 'namespace' : 'variable',
        modifiers: [
          ...(mention.role === 'declaration' ? (['declaration'] as const) : []),
          ...(isConstant ? (['readonly'] as const) : []),
        ],
      };
    }
    case 'method':
    case 'measure':
    case 'function':
      return known('function');
    case 'parameter':
    case 'option':
      return plain('parameter');
    case 'setting':
    case 'metric':
      return plain('property');
    case 'word':
    case 'part':
      return known('enumMember');
    case 'pattern':
      return plain('regexp');
    case 'type':
      return known('type');
    case 'unknown':
      return undefined;
    default:
      return mention satisfies never;
  }
}

function colourOfToken(token: IToken): Colour | undefined {
  if (isText(token)) return plain('string');
  switch (categories.get(token.tokenType.name)) {
    case 'statement':
    case 'word':
    case 'constant':
      return plain('keyword');
    case 'number':
      return plain('number');
    case 'text':
      return plain('string');
    case 'operator':
      return plain('operator');
    case 'name':
    case 'mark':
    case 'comment':
    case undefined:
      return undefined;
  }
}

function encoded(
  analysis: Analysis,
  colours: readonly ColouredSpan[],
  builder = new SemanticTokensBuilder(),
): SemanticTokensBuilder {
  for (const { start, end, type, modifiers } of colours) {
    const { line, character } = positionAt(analysis, start);
    const bits = modifiers.reduce((set, of) => set | (1 << tokenModifiers.indexOf(of)), 0);
    builder.push(line, character, end - start, tokenTypes.indexOf(type), bits);
  }
  return builder;
}

/** What each client was sent last, by document: changes are told against it. */
const sent = new WeakMap<Desk, Map<string, SemanticTokensBuilder>>();
const mostSent = 20;

/** The builder of a document; of many the oldest is forgotten, and then everything is sent anew. */
function builderFor(desk: Desk, uri: string): SemanticTokensBuilder {
  const builders = sent.get(desk) ?? new Map<string, SemanticTokensBuilder>();
  sent.set(desk, builders);
  const builder = builders.get(uri) ?? new SemanticTokensBuilder();
  builders.delete(uri);
  builders.set(uri, builder);
  const [oldest] = builders.keys();
  if (builders.size > mostSent && oldest !== undefined) builders.delete(oldest);
  return builder;
}

export const semanticTokens = documentFeature({
  name: 'semantic tokens',
  about: 'Colours by meaning over the whole recipe.',
  capabilities: {
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: { delta: true },
      range: true,
    },
  },
  request: SemanticTokensRequest.type,
  reads: 'text',
  empty: null as SemanticTokens | null,
  answer: (analysis, _params, desk) => {
    const builder = builderFor(desk, analysis.uri);
    // An id that was never given: everything is sent, and remembered.
    builder.previousResult('');
    return encoded(analysis, coloursOf(analysis), builder).build();
  },
});

export const semanticTokensDelta = documentFeature({
  name: 'semantic tokens since the last',
  about: 'What has changed in the colours since the last answer.',
  capabilities: {},
  request: SemanticTokensDeltaRequest.type,
  reads: 'text',
  empty: null as SemanticTokens | SemanticTokensDelta | null,
  answer: (analysis, { previousResultId }, desk) => {
    const builder = builderFor(desk, analysis.uri);
    builder.previousResult(previousResultId);
    return encoded(analysis, coloursOf(analysis), builder).buildEdits();
  },
});

export const semanticTokensInRange = documentFeature({
  name: 'semantic tokens of a range',
  about: 'Colours by meaning for what is in sight.',
  capabilities: {},
  request: SemanticTokensRangeRequest.type,
  reads: 'text',
  empty: null as SemanticTokens | null,
  answer: (analysis, { range }) => {
    const within = spanOf(analysis, range);
    const colours = coloursOf(analysis).filter(
      ({ start, end }) => start < within.end && within.start < end,
    );
    return encoded(analysis, colours).build();
  },
});
