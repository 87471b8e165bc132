// TLS above a connected plain socket: the handshake, with verification, and what is wrong where it fails, in a sentence.
// Asks for HTTP/1.1 alone (RFC 7301); must never let a connection through that was not verified.

import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

import { trusted } from './authorities.ts';
import { WireError } from './types.ts';

/**
 * @param host what the certificate has to be for; a name goes into the handshake, too (RFC 6066 §3)
 * @throws {WireError} `tls`
 */
export function secure(socket: Socket, host: string, port: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext: trusted(),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: true,
    });
    // Nothing is read before somebody listens.
    secured.pause();
    const failed = (error: TlsFailure): void => reject(failure(error, host, port));
    secured.once('error', failed);
    secured.once('secureConnect', () => {
      secured.off('error', failed);
      resolve(secured);
    });
  });
}

type TlsFailure = NodeJS.ErrnoException & { readonly reason?: string };

const TRUST =
  'if you trust it, name a file with the certificate of its authority in NODE_EXTRA_CA_CERTS and start again.';

/** What is wrong, and what to do. */
function failure(error: TlsFailure, host: string, port: number): WireError {
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const certificate = `The certificate of ${where}`;
  const say = (sentence: string): WireError => new WireError('tls', sentence);
  switch (error.code) {
    case 'CERT_HAS_EXPIRED':
      return say(`${certificate} has expired: renew it, or check this machine's clock.`);
    case 'CERT_NOT_YET_VALID':
      return say(`${certificate} is not valid yet: check this machine's clock.`);
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return say(`${certificate} is signed by itself: ${TRUST}`);
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return say(`${certificate} is signed by an authority that is not known here: ${TRUST}`);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return say(`${certificate} is not for ${host}: ${error.reason ?? error.message}`);
    case 'ECONNRESET':
    case 'EPIPE':
      return say(
        `${where} ended the connection during the TLS handshake: check that this port speaks https.`,
      );
    default:
      return say(
        /WRONG_VERSION_NUMBER|PACKET_LENGTH|UNKNOWN_PROTOCOL|HTTP_REQUEST/.test(error.code ?? '')
          ? `${where} does not speak TLS: use an http URL, or another port.`
          : /NO_APPLICATION_PROTOCOL/.test(error.code ?? '')
            ? `${where} does not speak HTTP/1.1 over TLS, which is all that is asked for here: use another server.`
            : `The TLS handshake with ${where} failed (${error.code ?? error.message}): check what the server speaks.`,
      );
  }
}
