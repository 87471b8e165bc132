// Whom a TLS connection trusts: Node's own list, and the authorities that NODE_EXTRA_CA_CERTS names. The packaged app's Node
// does not look at that variable, so it is read here. Verification is never weaker than that.

import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

import { WireError } from './types.ts';

const VARIABLE = 'NODE_EXTRA_CA_CERTS';

/** Made once for each file: to read all authorities takes longer than a handshake. */
const made = new Map<string, SecureContext>();

/** @throws {WireError} `tls` where the file of more authorities cannot be read */
export function trusted(): SecureContext {
  const file = process.env[VARIABLE] ?? '';
  let context = made.get(file);
  if (context === undefined) {
    context = createSecureContext(file === '' ? {} : { ca: [...rootCertificates, certificatesIn(file)] });
    made.set(file, context);
  }
  return context;
}

function certificatesIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new WireError(
      'tls',
      `${VARIABLE} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code}): name a file of certificates in PEM, or unset it.`,
    );
  }
}
