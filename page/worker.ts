/**
 * Where the networks of the page live.
 *
 * @module
 */
import { expose } from "comlink";
import { Networks } from "./networks.ts";

expose(new Networks());
