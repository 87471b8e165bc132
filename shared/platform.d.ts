// What both worlds (Node and the browser) offer and the protocol code may use; nothing else exists for it.
// Ambient on purpose: shared/ is compiled without Node's and without the DOM's types.

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array, options?: { stream?: boolean }): string;
}
declare class URL {
  constructor(url: string, base?: string | URL);
  readonly href: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly host: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
  username: string;
  password: string;
  static canParse(url: string, base?: string): boolean;
}
