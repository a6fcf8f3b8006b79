package org.noonmark.provisioning;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Files of a map from path to text; directories are the paths' parents. Counts what is read. */
final class MapConfigFiles implements ConfigFiles {
    private final Map<String, String> textByPath = new TreeMap<>();
    private final Set<String> open = new HashSet<>();
    int reads;

    MapConfigFiles with(String path, String text) {
        textByPath.put(path, text);
        return this;
    }

    MapConfigFiles openToOthers(String path) {
        open.add(path);
        return this;
    }

    @Override
    public boolean isOpenToOthers(String path) {
        return open.contains(path);
    }

    @Override
    public FileText read(String path) {
        reads++;
        String text = textByPath.get(path);
        return text == null ? new FileText.Unreadable("no such file") : new FileText.Text(text);
    }

    @Override
    public Listing list(String directory) {
        String prefix = directory.equals("/") ? "/" : directory + "/";
        List<String> names = textByPath.keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()).split("/", 2)[0])
                .distinct()
                .toList();
        return names.isEmpty() ? new Listing.Unlisted("no such directory") : new Listing.Names(names.reversed());
    }
}
