import { describe } from 'vitest';
import { looksAt } from './axe.ts';
import { panelViews } from './views/panels.ts';

describe('menus, dialogs and panels, for everybody', () => looksAt(panelViews));
