import { describe } from 'vitest';
import { looksAt } from './axe.ts';
import { inspectorViews } from './views/inspector.ts';

describe('the inspector, for everybody', () => looksAt(inspectorViews));
