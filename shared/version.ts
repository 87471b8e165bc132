// Who wrote a session file, in one place; a test holds it against package.json.

export const VERSION = '0.1.0';
