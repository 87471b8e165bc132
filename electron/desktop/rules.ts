// What the desktop's page may do outside of its commands: where it lives, which links leave the app, which permission
// it has. Pure, and everything that is not named here is denied.

/** The page's own address. A scheme of its own, so that it has an origin and no file of the disk has the same. */
export const SCHEME = 'app';
const HOST = 'interim';
export const PAGE = `${SCHEME}://${HOST}/index.html`;

/** Sites whose https pages open in the user's browser: the sources that explanations link to. */
const LINKED: ReadonlySet<string> = new Set([
  'datatracker.ietf.org',
  'developer.mozilla.org',
  'github.com',
  'httpwg.org',
  'tus.io',
  'www.iana.org',
  'www.rfc-editor.org',
]);

/** Is this an address of our own page and its files? */
export function ownAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  return protocol === `${SCHEME}:` && host === HOST;
}

/** May this link be handed to the operating system? */
export function linkAllowed(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === 'https:' && LINKED.has(host) && username === '' && password === '';
}

/** May the page load this at all? Nothing comes from a network. */
export function loadAllowed(url: string, developing: boolean): boolean {
  return ownAddress(url) || /^(data|blob):/.test(url) || (developing && url.startsWith('devtools:'));
}

/** Copying is the only permission: it writes text, on a click, and reads nothing. */
export function permissionAllowed(permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && ownAddress(url);
}

/** As much of a frame as it takes to know it. */
interface Frame {
  readonly url: string;
}

/** Does a message come from the top frame of our own window, showing our own page? */
export function senderAllowed(
  event: {
    readonly senderFrame: Frame | null;
    readonly sender: { readonly id: number; readonly mainFrame: Frame };
  },
  window: { readonly id: number } | null,
): boolean {
  const { senderFrame, sender } = event;
  return (
    window !== null &&
    sender.id === window.id &&
    senderFrame !== null &&
    senderFrame === sender.mainFrame &&
    ownAddress(senderFrame.url)
  );
}

/** The session that a command line names: its last argument that looks like a capture. */
export function sessionArgument(args: readonly string[]): string | null {
  return args.findLast((arg) => !arg.startsWith('-') && /\.(pcapng|pcap)$/i.test(arg)) ?? null;
}
