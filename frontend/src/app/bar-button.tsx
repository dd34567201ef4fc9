import { ActionIcon, Tooltip } from "@mantine/core";

import { Icon, type IconName } from "../parts/icons";

export function BarButton({ label, icon, act }: { label: string; icon: IconName; act: () => void }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" c="inherit" size="lg" aria-label={label} onClick={act}>
        <Icon name={icon} size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
