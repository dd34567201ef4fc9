/** Which column of a table holds what, with its first rows beside it. */
import { Select, SimpleGrid, Table as Grid, Text } from "@mantine/core";

import classes from "./import.module.css";
import { type Field, FIELDS, type Mapping, type Table } from "./table";

interface Props {
  table: Table;
  mapping: Mapping;
  change: (mapping: Mapping) => void;
}

export function MappingForm({ table, mapping, change }: Props) {
  const choose = (field: Field, column: string | null) => {
    const { [field]: _, ...others } = mapping;
    change(column ? { ...others, [field]: column } : others);
  };
  const used = new Map(FIELDS.map(([field, label]) => [mapping[field], label]));
  return (
    <div className={classes.mapping}>
      <Text fw={600} mt="sm">
        Which column holds what?
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="xs" mt="xs">
        {FIELDS.map(([field, label]) => (
          <Select
            key={field}
            size="sm"
            label={label}
            withAsterisk={field === "title"}
            placeholder="none"
            data={table.names}
            value={mapping[field] ?? null}
            onChange={(column) => choose(field, column)}
            clearable={field !== "title"}
            clearButtonProps={{ "aria-label": `No column for ${label}` }}
            searchable={table.names.length > 12}
          />
        ))}
      </SimpleGrid>
      <Text size="sm" c="dimmed" mt="sm">
        Its first rows, as they will be read:
      </Text>
      <div className={classes.scroll} role="region" aria-label="First rows of the file" tabIndex={0}>
        <Grid withColumnBorders className={classes.preview}>
          <Grid.Thead>
            <Grid.Tr>
              {table.names.map((name) => (
                <Grid.Th key={name} scope="col">
                  {used.get(name) ?? <span className={classes.unused}>not used</span>}
                  <div className={classes.column} dir="auto">
                    {name}
                  </div>
                </Grid.Th>
              ))}
            </Grid.Tr>
          </Grid.Thead>
          <Grid.Tbody>
            {table.rows.map((row, index) => (
              <Grid.Tr key={index}>
                {row.map((cell, column) => (
                  <Grid.Td key={column} data-unused={used.has(table.names[column]) ? undefined : true}>
                    <div className={classes.cell} dir="auto" title={cell.slice(0, 500)}>
                      {cell}
                    </div>
                  </Grid.Td>
                ))}
              </Grid.Tr>
            ))}
          </Grid.Tbody>
        </Grid>
      </div>
    </div>
  );
}
