// Finds the TCP segment in a packet, below whatever link layer it was caught on.
// It must never copy, and never read beyond what was captured.

/** One TCP segment. The reader fills the same one again and again. */
export class Segment {
  bytes: Uint8Array = new Uint8Array(0);
  /** Position and length (4 or 16) of the source address in `bytes`; the destination follows it. */
  addresses = 0;
  addressLength = 4;
  sourcePort = 0;
  destinationPort = 0;
  sequence = 0;
  acknowledged = 0;
  flags = 0;
  trafficClass = 0;
  /** Position of its data in `bytes`. */
  data = 0;
  /** Bytes of data on the wire, and how many of them were captured. */
  length = 0;
  captured = 0;

  /** Reads bytes[from … from + captured). False: it is no TCP segment, or its headers were not captured. */
  read(linkType: number, bytes: Uint8Array, from: number, captured: number, original: number): boolean {
    const end = from + captured;
    const ip = linkType === LinkType.raw ? from : network(linkType, bytes, from, end);
    if (ip === -1 || ip >= end) return false;
    const cut = original - captured;
    const version = bytes[ip]! >>> 4;
    if (version === 4) return this.#ipv4(bytes, ip, end, cut);
    if (version === 6) return this.#ipv6(bytes, ip, end, cut);
    return false;
  }

  #ipv4(bytes: Uint8Array, ip: number, end: number, cut: number): boolean {
    const head = (bytes[ip]! & 15) * 4;
    if (head < 20 || end - ip < head || bytes[ip + 9] !== TCP) return false;
    // Any fragment: only the first has a TCP header, and reassembly of IP is beyond a laboratory of HTTP.
    if ((word(bytes, ip + 6) & 0x3fff) !== 0) return false;
    this.trafficClass = bytes[ip + 1]!;
    this.addresses = ip + 12;
    this.addressLength = 4;
    // A length of 0: the network card was to fill it in (segmentation offload).
    return this.#tcp(bytes, ip + head, end, (word(bytes, ip + 2) || end - ip + cut) - head);
  }

  #ipv6(bytes: Uint8Array, ip: number, end: number, cut: number): boolean {
    if (end - ip < 40) return false;
    let next = bytes[ip + 6]!;
    let at = ip + 40;
    while (EXTENSIONS.has(next)) {
      if (end - at < 8) return false;
      if (next === FRAGMENT && (word(bytes, at + 2) & 0xfff9) !== 0) return false;
      const following = bytes[at]!;
      at +=
        next === FRAGMENT ? 8 : next === AUTHENTICATION ? (bytes[at + 1]! + 2) * 4 : (bytes[at + 1]! + 1) * 8;
      next = following;
    }
    if (next !== TCP) return false;
    this.trafficClass = ((bytes[ip]! & 15) << 4) | (bytes[ip + 1]! >>> 4);
    this.addresses = ip + 8;
    this.addressLength = 16;
    const payload = word(bytes, ip + 4);
    const past = payload === 0 ? end + cut : ip + 40 + payload;
    return this.#tcp(bytes, at, end, past - at);
  }

  #tcp(bytes: Uint8Array, tcp: number, end: number, length: number): boolean {
    if (end - tcp < 20) return false;
    const head = (bytes[tcp + 12]! >>> 4) * 4;
    if (head < 20 || head > length) return false;
    this.bytes = bytes;
    this.sourcePort = word(bytes, tcp);
    this.destinationPort = word(bytes, tcp + 2);
    this.sequence = long(bytes, tcp + 4);
    this.acknowledged = long(bytes, tcp + 8);
    this.flags = bytes[tcp + 13]!;
    this.data = tcp + head;
    this.length = length - head;
    this.captured = Math.max(0, Math.min(end - this.data, this.length));
    return true;
  }
}

const TCP = 6;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
/** Hop-by-hop options, routing, fragment, authentication, destination options (RFC 8200 §4). */
const EXTENSIONS = new Set([0, 43, FRAGMENT, AUTHENTICATION, 60]);

const LinkType = {
  null: 0,
  ethernet: 1,
  rawOfOpenBsd: 14,
  rawOfOthers: 12,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const;

const IPV4 = 0x0800;
const IPV6 = 0x86dd;

/** Where the IP header begins; −1: there is none, or the link layer is not known. */
function network(linkType: number, bytes: Uint8Array, from: number, end: number): number {
  switch (linkType) {
    case LinkType.ethernet: {
      let at = from + 12;
      while (end - at >= 6 && isVlan(word(bytes, at))) at += 4;
      return end - at >= 2 && isIp(word(bytes, at)) ? at + 2 : -1;
    }
    case LinkType.null:
    case LinkType.loop:
      // The address family is in the byte order of who caught it; IP's own version says the same.
      return from + 4;
    case LinkType.linuxCooked:
      return end - from >= 16 && isIp(word(bytes, from + 14)) ? from + 16 : -1;
    case LinkType.linuxCooked2:
      return end - from >= 20 && isIp(word(bytes, from)) ? from + 20 : -1;
    case LinkType.raw:
    case LinkType.rawOfOpenBsd:
    case LinkType.rawOfOthers:
    case LinkType.ipv4:
    case LinkType.ipv6:
      return from;
    default:
      return -1;
  }
}

function isIp(type: number): boolean {
  return type === IPV4 || type === IPV6;
}

/** IEEE 802.1Q and 802.1ad. */
function isVlan(type: number): boolean {
  return type === 0x8100 || type === 0x88a8;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function long(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
