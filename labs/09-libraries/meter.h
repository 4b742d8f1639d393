/* SPDX-License-Identifier: GPL-2.0 */
/* What the library has for programs. */
#ifndef METER_H
#define METER_H

int first(void);
int count(void);
void *place_of_code(void);
void *place_of_data(void);

#endif
