using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using TokenActors.Storage.Records;
using TokenActors.Storage.SqlServer;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests;

/// <summary>How often the dialect of SQL Server goes to the server for a group, by a connection that counts.</summary>
public sealed class SqlServerGroupTests
{
    private const int Group = 256;

    [Fact]
    public async Task A_group_of_any_size_is_one_statement_for_each_thing_that_is_done()
    {
        await using SqlServerDatabase database = new("Server=x");
        using CountingConnection connection = new();
        var rows = Enumerable.Range(0, Group).Select(i => Row($"t{i}")).ToList();
        var creates = rows.Select(row => Create(row)).ToList();
        Assert.All(creates, create => Assert.NotEmpty(create.Audit));
        Assert.Equal(1, await connection.Trips(() => database.WriteBatch(connection, "s", creates)));
        var updates = rows.Select(row => Update(row with { Version = 2 })).ToList();
        Assert.Equal(1, await connection.Trips(() => database.WriteBatch(connection, "s", updates)));
        Assert.Equal(
            2,
            await connection.Trips(() => database.WriteBatch(connection, "s", [.. creates[..128], .. updates[128..]])));
        Assert.Equal(
            1, await connection.Trips(() => database.ReadMany(connection, "s", [.. rows.Select(row => row.Key)])));
        Assert.Equal(1, await connection.Trips(() => database.WriteUsage(
            connection, "s", [.. rows.Select(
                row => new UsageUpdate(row.Key, 1, Now, FirstPresentedAt: null, EraseSealed: false))])));
    }

    private sealed class CountingConnection : DbConnection
    {
        private int _trips;

        public async Task<int> Trips(Func<Task> work)
        {
            var before = _trips;
            await work();
            return _trips - before;
        }

        [AllowNull]
        public override string ConnectionString { get; set; } = "";

        public override string Database => "";

        public override string DataSource => "";

        public override string ServerVersion => "16.0";

        public override ConnectionState State => ConnectionState.Open;

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public override void Close()
        {
        }

        public override void Open()
        {
        }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
        {
            _trips++;
            throw new NotSupportedException("a group is not a transaction of statements");
        }

        protected override DbCommand CreateDbCommand() => new CountingCommand(() => _trips++);
    }

    private sealed class CountingCommand(Action counts) : DbCommand
    {
        [AllowNull]
        public override string CommandText { get; set; } = "";

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType { get; set; }

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get; set; }

        protected override DbParameterCollection DbParameterCollection { get; } = new Microsoft.Data.SqlClient.SqlCommand().Parameters;

        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel()
        {
        }

        public override int ExecuteNonQuery()
        {
            counts();
            return 0;
        }

        public override object? ExecuteScalar()
        {
            counts();
            return null;
        }

        public override void Prepare()
        {
        }

        protected override DbParameter CreateDbParameter() => new Microsoft.Data.SqlClient.SqlParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
        {
            counts();
            return new DataTable().CreateDataReader();
        }
    }
}
