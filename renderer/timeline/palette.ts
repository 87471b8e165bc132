// The theme's colours and fonts as a canvas needs them. Reads the custom properties of the page (renderer/ui/theme.css)
// and nothing else; a property that is missing falls back to the dark theme, so that a bare page draws too.

const FALLBACK = {
  bg0: '#0f1216',
  bg1: '#15191f',
  bg2: '#1b2027',
  bg3: '#242b34',
  line: '#2a313b',
  lineFaint: '#1f252d',
  text1: '#e6e9ee',
  text2: '#a4adba',
  text3: '#6d7785',
  accent: '#6ea8fe',
  request: '#5b9cf5',
  received: '#2bb5a0',
  acknowledged: '#8bd17c',
  interim: '#f0b13c',
  final: '#4cc38a',
  error: '#ff7a59',
  cut: '#ff5d7a',
  resent: '#b48cf2',
  fontUi: 'Inter, system-ui, sans-serif',
  fontMono: '"JetBrains Mono", ui-monospace, monospace',
} as const;

type Token = keyof typeof FALLBACK;

/** Colours as CSS text, and what is derived from them. */
export type Palette = Readonly<Record<Token, string>> & {
  /** Text on a coloured bar. */
  readonly onBar: string;
  readonly dark: boolean;
};

/** The names of the colours: what a shape may ask for. */
export type Ink = Exclude<Token, 'fontUi' | 'fontMono'> | 'onBar';

/** `lineFaint` → `--line-faint`, `bg0` → `--bg-0`. */
function property(token: Token): string {
  return `--${token.replace(/([A-Z]|\d)/g, (part) => `-${part.toLowerCase()}`)}`;
}

/** Reads the theme that holds at an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = {} as Record<Token, string>;
  for (const token of Object.keys(FALLBACK) as Token[])
    read[token] = style.getPropertyValue(property(token)).trim() || FALLBACK[token];
  return withDerived(read);
}

function withDerived(read: Record<Token, string>): Palette {
  const [red, green, blue] = rgb(read.bg0);
  const dark = red * 0.299 + green * 0.587 + blue * 0.114 < 128;
  return { ...read, onBar: dark ? read.bg0 : '#ffffff', dark };
}

/** Red, green and blue (0 … 255) of `#rgb`, `#rrggbb` or `rgb(…)`; black for anything else. */
export function rgb(colour: string): readonly [number, number, number] {
  const hex = /^#([0-9a-f]{6})/i.exec(colour)?.[1];
  if (hex !== undefined) {
    const value = Number.parseInt(hex, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  }
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])/i.exec(colour);
  if (short !== null) {
    const digit = (index: number): number => Number.parseInt(short[index]!, 16) * 17;
    return [digit(1), digit(2), digit(3)];
  }
  const parts = colour.match(/[\d.]+/g)?.map(Number) ?? [];
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];
}
