/** What is wanted at a cursor: an input, an argument, a place, a setting. */
import type { MethodSignature, Parameter } from '../../grammar/catalogue.ts';
import type { Measure } from '../../grammar/check/measures.ts';
import type {
  Call,
  Expr,
  Item,
  MapLiteral,
  MergeStatement,
  SearchStatement,
  Setting,
  SourceStatement,
} from '../../grammar/syntax/tree.ts';
import type { Node } from '../../grammar/syntax/walk.ts';
import type { ArgumentWanted, CallArgument } from './other-calls.ts';

export type Slot =
  /** Nothing can be named here. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'statement' }
  /** Behind a whole expression, where only a word may follow; `inPlace` allows `except`. */
  | { readonly kind: 'behind'; readonly inPlace: boolean }
  | { readonly kind: 'source'; readonly statement: SourceStatement | SearchStatement }
  /** A value that a `merge` makes. */
  | { readonly kind: 'step'; readonly isOperand: boolean }
  /** The base, an end or the operand of a call. */
  | {
      readonly kind: 'input';
      readonly call: Call;
      readonly method: MethodSignature;
      readonly position: number;
      readonly isOperand: boolean;
    }
  /** An item of the list of experts. */
  | {
      readonly kind: 'expert';
      readonly call: Call;
      readonly method: MethodSignature;
      readonly isOperand: boolean;
    }
  /** The name of an argument. */
  | { readonly kind: 'argument'; readonly call: Call; readonly method: MethodSignature }
  | {
      readonly kind: 'parameter value';
      readonly parameter: Parameter;
      readonly call: Call | undefined;
    }
  /** A key of the braces behind an expert. */
  | {
      readonly kind: 'own parameter';
      readonly call: Call;
      readonly method: MethodSignature;
      readonly item: Item;
    }
  /** A key of a map by model, or what follows the dot of `weight.`. */
  | {
      readonly kind: 'expert name';
      readonly call: Call;
      readonly method: MethodSignature;
      readonly parameter: Parameter;
      readonly map?: MapLiteral;
    }
  /** A key of a map of a method's arguments. */
  | { readonly kind: 'preset key'; readonly method: MethodSignature; readonly map: MapLiteral }
  | { readonly kind: 'place'; readonly statement: Node; readonly wanted: 'place' | 'layers' }
  | { readonly kind: 'cut'; readonly of: Expr }
  | {
      readonly kind: 'action';
      readonly statement: MergeStatement;
      readonly set: Setting | undefined;
    }
  | { readonly kind: 'take'; readonly statement: MergeStatement }
  | { readonly kind: 'stack' }
  | { readonly kind: 'curve'; readonly call: Call }
  | { readonly kind: 'range'; readonly type: string | undefined }
  | { readonly kind: 'type'; readonly of: 'param' | 'let' }
  | { readonly kind: 'value' }
  | { readonly kind: 'number' }
  | { readonly kind: 'condition' }
  | {
      readonly kind: 'measure input';
      readonly measure: Measure;
      readonly call: Call;
      readonly position: number;
    }
  /** The name of an argument of a function that is no method. */
  | {
      readonly kind: 'call argument';
      readonly call: Call;
      readonly named: readonly CallArgument[];
    }
  /** The value of one. */
  | { readonly kind: 'call value'; readonly wanted: ArgumentWanted }
  | { readonly kind: 'knob' }
  | { readonly kind: 'token row' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'model name' }
  | { readonly kind: 'metric'; readonly of: string }
  /** Behind the dot of an import's word: of what is wanted there, the names of that recipe. */
  | { readonly kind: 'imported'; readonly word: string; readonly within: Slot }
  | { readonly kind: 'output' }
  | { readonly kind: 'output setting'; readonly given: readonly string[] }
  | { readonly kind: 'output value'; readonly setting: string };

export const nothing: Slot = { kind: 'nothing' };
