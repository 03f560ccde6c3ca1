/* Within fact/: what the writer and the reader of sheets share. */
#ifndef PARLEY_FACT_FORM_H
#define PARLEY_FACT_FORM_H

#include "fact/sheet.h"

#define SHEET_HEADER                                                                                                   \
    TEXT("# parley facts v1\n"                                                                                         \
         "first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n")
/* A row from src_ip on. */
void fact_write_rest(const struct fact *f, struct buf *out);

enum { SHEET_COLUMNS = 11, SHEET_HEADER_LINES = 2 };

#endif
