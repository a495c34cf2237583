// TABLE256(ROW) is the list ROW(0), ROW(1)… ROW(255).

#define TABLE4(row, m) row(m), row((m) + 1), row((m) + 2), row((m) + 3)
#define TABLE16(row, m) TABLE4(row, m), TABLE4(row, (m) + 4), TABLE4(row, (m) + 8), TABLE4(row, (m) + 12)
#define TABLE64(row, m) TABLE16(row, m), TABLE16(row, (m) + 16), TABLE16(row, (m) + 32), TABLE16(row, (m) + 48)
#define TABLE256(row) TABLE64(row, 0), TABLE64(row, 64), TABLE64(row, 128), TABLE64(row, 192)
