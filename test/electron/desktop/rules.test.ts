import { describe, expect, it } from 'vitest';
import {
  linkAllowed,
  loadAllowed,
  ownAddress,
  PAGE,
  permissionAllowed,
  senderAllowed,
  sessionArgument,
} from '../../../electron/desktop/rules.ts';

const STRANGE = [
  'app://other/index.html',
  'app://interim.example/',
  'file:///etc/passwd',
  'https://interim/',
  'http://127.0.0.1:18080/',
  'javascript:alert(1)',
  'app:interim',
  'data:text/html,x',
  '',
  'not an address',
];

describe('the desktop’s rules', () => {
  it('know the page’s own address from every other', () => {
    expect(ownAddress(PAGE)).toBe(true);
    expect(ownAddress('app://interim/assets/a.js?x#y')).toBe(true);
    for (const url of STRANGE) expect([url, ownAddress(url)]).toEqual([url, false]);
  });

  it('hand over https links to known sites only', () => {
    expect(linkAllowed('https://www.rfc-editor.org/rfc/rfc9110#name-1xx')).toBe(true);
    for (const url of [
      ...STRANGE,
      'http://www.rfc-editor.org/',
      'https://www.rfc-editor.org.evil.example/',
      'https://rfc-editor.org@evil.example/',
      'https://evil.example@www.rfc-editor.org/',
      'https://www.rfc-editor.org:8443/',
      'smb://github.com/x',
    ])
      expect([url, linkAllowed(url)]).toEqual([url, false]);
  });

  it('load nothing from a network', () => {
    expect(loadAllowed(PAGE, false)).toBe(true);
    expect(loadAllowed('data:image/png;base64,AA==', false)).toBe(true);
    for (const url of [
      'https://github.com/',
      'http://127.0.0.1/',
      'ws://127.0.0.1/',
      'file:///a',
      'app://other/',
    ])
      expect([url, loadAllowed(url, true)]).toEqual([url, false]);
    expect(loadAllowed('devtools://devtools/bundled/x.html', true)).toBe(true);
    expect(loadAllowed('devtools://devtools/bundled/x.html', false)).toBe(false);
  });

  it('permit copying from our own page, and nothing else', () => {
    expect(permissionAllowed('clipboard-sanitized-write', PAGE)).toBe(true);
    expect(permissionAllowed('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
    for (const permission of [
      'clipboard-read',
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'fileSystem',
    ])
      expect([permission, permissionAllowed(permission, PAGE)]).toEqual([permission, false]);
  });

  it('know their own window’s top frame from every other sender', () => {
    const frame = { url: PAGE };
    const sender = { id: 3, mainFrame: frame };
    expect(senderAllowed({ senderFrame: frame, sender }, { id: 3 })).toBe(true);
    const strange = { url: 'https://evil.example/' };
    const refused = [
      [{ senderFrame: null, sender }, { id: 3 }],
      [{ senderFrame: { url: PAGE }, sender }, { id: 3 }],
      [{ senderFrame: frame, sender }, { id: 4 }],
      [{ senderFrame: frame, sender }, null],
      [{ senderFrame: strange, sender: { id: 3, mainFrame: strange } }, { id: 3 }],
    ] as const;
    for (const [event, window] of refused) expect(senderAllowed(event, window)).toBe(false);
  });

  it.each([
    [[], null],
    [['a.pcapng'], 'a.pcapng'],
    [['--flag', '/x/b.PCAP', '--other'], '/x/b.PCAP'],
    [['a.pcapng', 'b.pcapng'], 'b.pcapng'],
    [['--a.pcapng'], null],
    [['notes.txt'], null],
  ])('find the session that is named by %j', (args, expected) => {
    expect(sessionArgument(args)).toBe(expected);
  });
});
