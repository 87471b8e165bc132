import { describe } from 'vitest';
import { looksAt } from './axe.ts';
import { mainViews, windowViews } from './views/window.ts';

describe('the window, for everybody', () => looksAt(windowViews));

describe('the window in the colours of the system', () => looksAt(mainViews, { forced: true }));
