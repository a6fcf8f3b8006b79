/**
 * What is wrong with the box, from the power supply to the clients: facts of the machine and the daemon's own account come in, a report goes out
 * that names the first broken link of the chain, its evidence and its cure. Knows no files, processes and sockets: who gathers the facts is
 * elsewhere.
 */
@NullMarked
package org.noonmark.doctor;

import org.jspecify.annotations.NullMarked;
