// Imported first by every script: ends with one sentence where Node is too old for the tools.
// Must import nothing and use no syntax that an old Node cannot read.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const enough = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;

if (!enough) {
  process.stderr.write(
    `Interim needs Node 20.19, 22.12 or newer; this is Node ${process.versions.node}. Install a newer Node and try again.\n`,
  );
  process.exit(1);
}
