/** Writes the TextMate grammar from the lexer's own tokens: the first paint, Markdown fences, code hosts. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { TOKEN_ENTRIES, type TokenCategory } from '../grammar/syntax/tokens.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where the two grammars lie, from the root. */
export const grammarFiles = {
  recipe: 'syntaxes/merge.tmLanguage.json',
  markdown: 'syntaxes/markdown-merge.tmLanguage.json',
} as const;

interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly beginCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly endCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly contentName?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly (Rule | { readonly include: string })[];
}

export function recipeGrammar(): object {
  return {
    name: 'Mergewright recipe',
    scopeName: 'source.merge',
    fileTypes: ['merge'],
    patterns: rules(),
  };
}

/** Colours ```merge fences of a Markdown text. */
export function markdownGrammar(): object {
  const fence: Rule = {
    name: 'markup.fenced_code.block.markdown',
    begin: '(^|\\G)(\\s*)(`{3,}|~{3,})\\s*(?i:(merge)((\\s+|:|,|\\{|\\?)[^`]*)?$)',
    beginCaptures: {
      '3': { name: 'punctuation.definition.markdown' },
      '4': { name: 'fenced_code.block.language.markdown' },
    },
    end: '(^|\\G)(\\2|\\s{0,3})(\\3)\\s*$',
    endCaptures: { '3': { name: 'punctuation.definition.markdown' } },
    contentName: 'meta.embedded.block.merge',
    patterns: [{ include: 'source.merge' }],
  };
  return {
    scopeName: 'markdown.merge.codeblock',
    injectionSelector: 'L:text.html.markdown',
    patterns: [fence],
  };
}

/** After a dot and before a colon a reserved word is a name. */
const notAName = (words: string): string => `(?<![.A-Za-z0-9_])(?:${words})(?![A-Za-z0-9_]|\\s*:)`;
const notInName = '(?<![A-Za-z0-9_])';

function rules(): readonly Rule[] {
  return [
    ...patternsOf('comment').map((match): Rule => ({ name: commentScope(match), match })),
    ...patternsOf('text').map((match): Rule => ({
      name: 'string.quoted.double.merge',
      match,
    })),
    { name: 'keyword.control.merge', match: notAName(literalsOf('statement')) },
    { name: 'keyword.other.merge', match: notAName(literalsOf('word')) },
    { name: 'constant.language.merge', match: notAName(literalsOf('constant')) },
    {
      name: 'constant.numeric.merge',
      match: `${notInName}(?:${patternsOf('number').join('|')})`,
    },
    ...patternsOf('name').flatMap((name): readonly Rule[] => [
      { name: 'entity.name.function.merge', match: `${name}(?=\\()` },
      { name: 'variable.parameter.merge', match: `${name}(?=\\s*:)` },
      { name: 'variable.other.merge', match: name },
    ]),
    { name: 'keyword.operator.merge', match: literalsOf('operator') },
    { name: 'punctuation.merge', match: literalsOf('mark') },
  ];
}

function patternsOf(category: TokenCategory): readonly string[] {
  return TOKEN_ENTRIES.flatMap((entry) =>
    entry.category === category && entry.pattern !== undefined ? [entry.pattern] : [],
  );
}

/** Longer ones first, so that `<=` is not read as `<`. */
function literalsOf(category: TokenCategory): string {
  return TOKEN_ENTRIES.flatMap((entry) =>
    entry.category === category && entry.literal !== undefined ? [entry.literal] : [],
  )
    .sort((a, b) => b.length - a.length)
    .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|');
}

/** Three slashes document what follows them. */
function commentScope(pattern: string): string {
  return pattern.startsWith('\\/\\/\\/')
    ? 'comment.line.documentation.merge'
    : 'comment.line.double-slash.merge';
}

/** As it is stored: in the project's own format. */
export function grammarText(grammar: object): Promise<string> {
  return format(JSON.stringify(grammar), { parser: 'json', printWidth: 100 });
}

if (import.meta.main) {
  writeFileSync(root + grammarFiles.recipe, await grammarText(recipeGrammar()));
  writeFileSync(root + grammarFiles.markdown, await grammarText(markdownGrammar()));
}
