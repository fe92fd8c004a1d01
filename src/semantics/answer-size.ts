/**
 * Maximum size of all entries in an answer, unless it is a single entry. An answer must fit into memory and
 * into a string.
 */
export const ANSWER_BYTES = 16 << 20

/**
 * Upper bound of the space an entry needs in an answer besides its fields: its id, some counts, and the names
 * of these members.
 */
export const ENTRY_BYTES = 128
