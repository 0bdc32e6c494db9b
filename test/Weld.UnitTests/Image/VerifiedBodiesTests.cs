using Weld.Linker.Image;
using Weld.Linker.Resolution;
using Xunit;

namespace Weld.UnitTests.Image;

/// <summary>Only what was verified, byte for byte and as a function of that type, need not be verified again.</summary>
public sealed class VerifiedBodiesTests
{
    private static readonly SymbolId Symbol = new(1);

    private readonly VerifiedBodies _bodies = new(2);

    public VerifiedBodiesTests() => _bodies.Add(Symbol, 7, [1, 2, 3]);

    [Fact]
    public void Same_bytes_of_the_same_type_are_known() => Assert.True(_bodies.Contains(Symbol, 7, [1, 2, 3]));

    [Fact]
    public void Others_are_not()
    {
        Assert.False(_bodies.Contains(Symbol, 8, [1, 2, 3]));
        Assert.False(_bodies.Contains(Symbol, 7, [1, 2, 4]));
        Assert.False(_bodies.Contains(Symbol, 7, [1, 2]));
        Assert.False(_bodies.Contains(Symbol, 7, [1, 2, 3, 7, 0, 0, 0]));
        Assert.False(_bodies.Contains(new SymbolId(0), 7, [1, 2, 3]));
    }

    [Fact]
    public void The_first_one_is_kept()
    {
        _bodies.Add(Symbol, 7, [4]);
        Assert.True(_bodies.Contains(Symbol, 7, [1, 2, 3]));
        Assert.False(_bodies.Contains(Symbol, 7, [4]));
    }
}
