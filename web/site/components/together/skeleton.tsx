/** People before they are known, in the geometry they will have. */
export function PeopleSkeleton({ label }: { label: string }) {
  return (
    <ul className="people" aria-busy="true" aria-label={label}>
      {[0, 1].map((row) => (
        <li className="person" key={row}>
          <span className="avatar skel" />
          <div>
            <span className="skel w-4 h-t" />
            <span className="skel w-9 h-s" />
          </div>
        </li>
      ))}
    </ul>
  );
}
