// Says that a panel shows all of its operation, whatever the filter dims elsewhere.

export function WholeOperation() {
  return (
    <span
      className="map-whole"
      title="The filter chooses which operation is shown here; of that one everything is."
    >
      whole operation
    </span>
  );
}
