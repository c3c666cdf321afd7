/** What stands around a recipe on the disk, as far as completion may look. */

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

export interface Surroundings {
  /** The entries of a folder that a recipe's text names; none where there is no such folder or it may not be looked at. */
  readonly entriesOf: (folder: string) => Promise<readonly FolderEntry[]>;
  /** Ids of the models in the local hub cache. */
  readonly hubIds: () => Promise<readonly string[]>;
}
