// Formulas in Markdown's tree, as the server reads them (Formulas.cs): $…$ and $$…$$ in a line, $$ alone on a line before and after several.
import type { CompileContext, Extension as FromMarkdown } from "mdast-util-from-markdown";
import { mathFromMarkdown, mathToMarkdown } from "mdast-util-math";
import type { Handle, Options } from "mdast-util-to-markdown";
import { math } from "micromark-extension-math";
import type { Code, Construct, Extension, State } from "micromark-util-types";
import type { Literal } from "mdast";

/** TeX among words; set apart where two signs stand around it. */
export interface Formula extends Literal {
  type: "formula";
  display: boolean;
}

declare module "mdast" {
  interface PhrasingContentMap {
    formula: Formula;
  }
  interface RootContentMap {
    formula: Formula;
  }
}

declare module "micromark-util-types" {
  interface TokenTypeMap {
    formula: "formula";
    formulaSign: "formulaSign";
    formulaText: "formulaText";
  }
}

const sign = 36;
const backslash = 92;
const isBlank = (code: Code) => code === 32 || code === -1 || code === -2;
const isEnd = (code: Code) => code === null || (code < -2 && code > -6);
const isWord = (code: Code) => code !== null && code > 0 && /[\p{L}\p{Nd}]/u.test(String.fromCharCode(code));

/** Prices are no formulas: the first sign stands before something other than a blank, the last behind such, and neither touches a word on its other side. */
const inLine: Construct = {
  name: "formula",
  previous: (code) => code !== sign && !isWord(code),
  tokenize(effects, ok, nok) {
    let opened = 0;
    let closed = 0;
    let last: Code = null;
    const open: State = (code) => {
      if (code === sign) {
        if (++opened > 2) return nok(code);
        effects.consume(code);
        return open;
      }
      if (isBlank(code) || isEnd(code)) return nok(code);
      effects.exit("formulaSign");
      effects.enter("formulaText");
      return inside(code);
    };
    const inside: State = (code) => {
      if (isEnd(code)) return nok(code);
      if (code === sign) {
        if (isBlank(last)) return nok(code);
        effects.exit("formulaText");
        effects.enter("formulaSign");
        return close(code);
      }
      last = code;
      effects.consume(code);
      return code === backslash ? escaped : inside;
    };
    const escaped: State = (code) => {
      if (isEnd(code)) return nok(code);
      last = code;
      effects.consume(code);
      return inside;
    };
    const close: State = (code) => {
      if (code === sign) {
        if (++closed > opened) return nok(code);
        effects.consume(code);
        return close;
      }
      if (closed !== opened || isWord(code)) return nok(code);
      effects.exit("formulaSign");
      effects.exit("formula");
      return ok(code);
    };
    return (code) => {
      effects.enter("formula");
      effects.enter("formulaSign");
      return open(code);
    };
  },
};

/** Two signs alone on their line: "$$$ a night" begins nothing that swallows the rest of a story. */
const fence: Construct = {
  partial: true,
  tokenize(effects, ok, nok) {
    let signs = 0;
    const end: State = (code) => {
      if (isEnd(code)) {
        effects.exit("formulaSign");
        return signs === 2 ? ok(code) : nok(code);
      }
      if (signs < 2 ? code !== sign : !isBlank(code)) return nok(code);
      if (code === sign) signs++;
      effects.consume(code);
      return end;
    };
    return (code) => {
      effects.enter("formulaSign");
      return end(code);
    };
  },
};

const block = (math().flow as Record<number, Construct>)[sign] as Construct;

const ownLines: Construct = {
  ...block,
  tokenize(effects, ok, nok) {
    return effects.check(fence, block.tokenize.call(this, effects, ok, nok), nok);
  },
};

export const formulas: Extension = { flow: { [sign]: ownLines }, text: { [sign]: inLine } };

const flow = mathFromMarkdown();

export const formulasFromMarkdown: FromMarkdown = {
  enter: {
    ...flow.enter,
    formula(token) {
      this.enter({ type: "formula", value: "", display: false }, token);
    },
  },
  exit: {
    ...flow.exit,
    formulaSign(token) {
      formulaOn(this).display = this.sliceSerialize(token).length === 2;
    },
    formulaText(token) {
      formulaOn(this).value = this.sliceSerialize(token);
    },
    formula(token) {
      this.exit(token);
    },
  },
};

const formulaOn = (context: CompileContext) => context.stack.at(-1) as Formula;

const inSigns: Handle & { peek?: Handle } = ({ value, display }: Formula, _, state) => {
  // A bar would end the cell it stands in.
  const tex = state.stack.includes("tableCell") ? value.replace(/(?<!\\)\|/g, "\\vert ") : value;
  return display ? `$$${tex}$$` : `$${tex}$`;
};
inSigns.peek = () => "$";

const inLines = mathToMarkdown();

export const formulasToMarkdown: Options = {
  unsafe: [{ character: "$", inConstruct: "phrasing" }],
  handlers: { math: inLines.handlers?.math, formula: inSigns } as Options["handlers"],
};

/** TeX as it may stand between signs in a line. */
export const inOneLine = (tex: string): string => tex.replace(/\s+/g, " ").trim().replace(/\\?\$/g, "\\$$");
