/** Changes of apps, versions, developers' keys and what is revoked. */
export const CATALOG_ACTIONS = {
  "app.created": "An app id was taken for an organisation.",
  "app.changed": "An app's name or summary was changed.",
  "app.visibility_changed": "Who may see an app was changed.",
  "app.deleted": "An app that was never published was deleted, with its versions.",
  "version.uploaded": "A version was uploaded.",
  "version.changed":
    "What was said of a version was changed: its notes, whether it is held, whether it goes to review.",
  "version.submitted": "A version was sent to review.",
  "version.withdrawn": "A version was taken back before it was published.",
  "version.published": "A version that was approved on hold was sent to devices.",
  "review.approved": "A version was approved.",
  "review.rejected": "A version was rejected.",
  "devkey.enrolled": "A developer's key was enrolled, and got its first certificate.",
  "devkey.renewed": "A developer's key that was enrolled already got another certificate.",
  "devkey.added": "A key was added to those that may sign an app's updates.",
  "recovery.requested": "A recovery was asked for: another key in the place of all of an app's.",
  "recovery.objected": "An owner objected to a recovery, which ended it.",
  "recovery.approved": "A recovery was approved.",
  "recovery.refused": "A recovery was refused.",
  "recovery.fallen": "A recovery that could not be approved any more fell.",
  "revocation.made":
    "Something was revoked, by an administrator or, of a key, by an owner of its organisation.",
  "revocation.changed": "What a revocation does, or says, was changed.",
  "revocation.lifted": "A revocation was lifted.",
  "revocation.lowest_version": "The lowest version of an app that may be installed was set.",
} as const;
