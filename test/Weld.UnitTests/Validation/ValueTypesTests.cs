using Weld.Wasm.Sections;
using Xunit;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.UnitTests.Validation;

public sealed class ValueTypesTests
{
    [Fact]
    public void What_has_a_name_is_known()
    {
        for (int encoding = 0; encoding <= byte.MaxValue; encoding++)
            Assert.Equal(ValueTypes.Name((ValueType)encoding) is not null, ValueTypes.IsKnown((byte)encoding));
    }
}
