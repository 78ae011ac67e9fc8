/**
 * Where results go that many machines share without a folder: objects in a bucket of a service that speaks S3.
 *
 * @module
 */
export { checkStore, KEY_VARIABLES, openStore } from "./open_store.ts";
export { INPUT_FILES, packFiles, RUN_FILES, unpackFiles } from "./packed_files.ts";
export { DamagedObject, type Patience, type ResultStore, StoreTrouble } from "./result_store.ts";
export { type Environment, parseStoreAddress, StoreAddressError } from "./store_address.ts";
