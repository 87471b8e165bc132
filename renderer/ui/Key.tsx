// A key as it is printed on a button or in the list of keys.

export function Key({ children }: { readonly children: string }) {
  return (
    <kbd className="key" aria-hidden="true">
      {children}
    </kbd>
  );
}
