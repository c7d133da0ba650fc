/** Changes of the store itself: its keys, its jobs, and what its operator does with it. */
export const STORE_ACTIONS = {
  "store.setup_link": "A link was made by which the first administrator sets the store up.",
  "store.set_up": "The store was set up and its first administrator made.",
  "store.appearance": "The store's name, what it says of itself, or its colour was changed.",
  "store.logo": "The store's logo was changed or removed, for light pages or for dark ones.",
  "store.reconciled":
    "Rows, files, catalogue and log were compared, and what came of the log's check was kept.",
  "storekey.added": "A role of the catalogue got one more key.",
  "storekey.replaced": "Another key took the place of one of the store's.",
  "storekey.removed": "A key was taken from a role of the catalogue.",
  "storekey.threshold": "How many keys must sign for a role of the catalogue was changed.",
  "storekey.renewed": "Metadata or a certificate was signed anew with the same keys.",
  "storekey.distrusted": "Devices were told not to trust the certificates of a replaced key any more.",
  "storekey.request_exported": "A request to sign was written for another machine.",
  "storekey.request_imported": "A request that another machine had signed was applied.",
  "storekey.cancelled": "Changes of keys that waited for another machine were forgotten.",
  "storekey.resealed": "The store's private keys were encrypted under another master key.",
  "tokenkey.made": "A key that access tokens are signed with was made.",
  "tokenkey.retired": "Another key took the place of one that access tokens were signed with.",
  "tokenkey.ended": "A key of access tokens was ended by hand, with every token that it had signed.",
  "setting.changed": "A setting of the running store was changed on its page, or by its operator.",
  "store.backed_up": "Somebody said that the keys of the store's root are backed up, as they were then.",
  "store.setup_step":
    "A step of setting the store up was said to be right as it is, or left for now, or that was taken back.",
  "store.tried": "Mail or the storage was tried, and what came of it was kept.",
  "job.replayed": "A job that the store had given up was put back into the queue.",
  "message.put_away": "Somebody put a message to them away.",
} as const;
