// How the desktop app is packaged. Everything it needs at run time is bundled in dist/, so no node_modules go along.
// With ELECTRON_DIST=DIR an unpacked Electron of that folder is used and nothing is fetched.

import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.mjs';

const electron = JSON.parse(readFileSync(path.join(ROOT, 'node_modules/electron/package.json'), 'utf8'));
const ICONS = 'build/icons';

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'dev.interim.Interim',
  productName: 'Interim',
  copyright: 'The Interim developers, MIT licence',
  electronVersion: electron.version,
  ...(process.env['ELECTRON_DIST'] ? { electronDist: path.resolve(process.env['ELECTRON_DIST']) } : {}),
  // A deb must name a page and a maintainer. There is none yet, so the name is one that nobody can have (RFC 2606).
  extraMetadata: { homepage: 'https://interim.example' },
  directories: { output: 'release', buildResources: ICONS },
  files: ['dist/**/*', 'package.json', '!**/*.map', '!**/.*', '!node_modules/**/*'],
  asar: true,
  npmRebuild: false,
  publish: null,
  // An Electron of one's own brings the app that shows when there is none; electron-builder leaves it in place.
  afterExtract: ({ appOutDir }) => {
    for (const resources of ['resources', 'Electron.app/Contents/Resources'])
      rmSync(path.join(appOutDir, resources, 'default_app.asar'), { force: true });
  },
  // What a packaged app must not be talked into: being Node, loading other code, trusting files.
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  fileAssociations: [
    {
      ext: 'pcapng',
      name: 'Interim session',
      description: 'Interim session or packet capture',
      mimeType: 'application/x-pcapng',
      role: 'Viewer',
    },
  ],
  linux: {
    target: ['AppImage', 'deb'],
    icon: ICONS,
    executableName: 'interim',
    category: 'Development',
    synopsis: 'Watch, break and resume HTTP',
    maintainer: 'The Interim developers <packages@interim.example>',
  },
  mac: {
    target: ['dmg', 'zip'],
    icon: `${ICONS}/icon.icns`,
    category: 'public.app-category.developer-tools',
    // Signing and notarising are the publisher's: a package made here is for its maker.
    identity: null,
    hardenedRuntime: false,
  },
  win: { target: ['nsis'], icon: `${ICONS}/icon.ico` },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
};
