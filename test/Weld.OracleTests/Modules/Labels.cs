namespace Weld.OracleTests.Modules;

/// <summary>Gives every entity a label that is the same in two modules of the same program whatever their numbering.</summary>
public static class Labels
{
    public static void Assign(Module module)
    {
        Assign(module.Functions);
        Assign(module.Tables);
        Assign(module.Memories);
        Assign(module.Globals);
        Assign(module.Tags);
    }

    /// <summary>Static functions of different files share names: the second is called <c>name#2</c>. What has
    /// no name, as in a stripped module, is known by its import or its index.</summary>
    private static void Assign(IEnumerable<Entity> entities)
    {
        var seen = new Dictionary<string, int>();
        foreach (Entity entity in entities)
        {
            string name = entity.Name ?? entity.Import ?? $"{entity.Kind}[{entity.Index}]";
            int count = seen[name] = seen.GetValueOrDefault(name) + 1;
            entity.Label = count == 1 ? name : $"{name}#{count}";
        }
    }
}
