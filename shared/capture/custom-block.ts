// One custom block of pcapng with a record of ours in it: by itself, as it is appended to a file that is there already, or
// among the others of a session that is being written.

import { Block, BYTE_ORDER_MAGIC, type CustomRecord, ENTERPRISE, writeCustom } from './own-format.ts';

/** The block, in little-endian order; its length is a multiple of four. */
export function customBlock(record: CustomRecord): Uint8Array {
  const json = writeCustom(record);
  const total = 16 + ((json.length + 3) & ~3);
  const block = new Uint8Array(total);
  const view = new DataView(block.buffer);
  view.setUint32(0, Block.custom, true);
  view.setUint32(4, total, true);
  view.setUint32(8, ENTERPRISE, true);
  block.set(json, 12);
  view.setUint32(total - 4, total, true);
  return block;
}

/**
 * The header of a section without interfaces, in little-endian order: what another program's sections are closed with
 * before blocks of ours, whatever their byte order is.
 */
export function sectionBlock(): Uint8Array {
  const block = new Uint8Array(28);
  const view = new DataView(block.buffer);
  view.setUint32(0, Block.section, true);
  view.setUint32(4, block.length, true);
  view.setUint32(8, BYTE_ORDER_MAGIC, true);
  // Version 1.0, and a length of −1: it ends with the file.
  view.setUint16(12, 1, true);
  block.fill(0xff, 16, 24);
  view.setUint32(24, block.length, true);
  return block;
}
